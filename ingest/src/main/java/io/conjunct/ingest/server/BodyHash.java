// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * 128 bits by which a request body is known again: two multiply-and-rotate lanes, each over every other eight bytes, with a
 * seed of this process. Told apart is what differs by chance; a client that took pains to send two bodies with one hash
 * would lose what itself had sent.
 */
record BodyHash(long high, long low) {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final SplittableRandom RANDOM = new SplittableRandom();
    private static final long SEED_1 = RANDOM.nextLong();
    private static final long SEED_2 = RANDOM.nextLong();

    /** The hash of a body, which may be followed by other bytes; {@code kind} sets equal bodies of different signals and encodings apart. */
    static BodyHash of(String kind, byte[] body, int length) {
        long a = SEED_1 ^ kind.hashCode();
        long b = SEED_2 + length;
        int i = 0;
        for (; i + 2 * Long.BYTES <= length; i += 2 * Long.BYTES) {
            a = Long.rotateLeft(a + (long) LONGS.get(body, i) * PRIME_2, 31) * PRIME_1;
            b = Long.rotateLeft(b + (long) LONGS.get(body, i + Long.BYTES) * PRIME_1, 29) * PRIME_3;
        }
        for (; i < length; i++) {
            a = Long.rotateLeft(a ^ body[i] * PRIME_3, 11) * PRIME_1;
            b = Long.rotateLeft(b + body[i] * PRIME_2, 13) * PRIME_2;
        }
        return new BodyHash(mix(a ^ Long.rotateLeft(b, 17)), mix(b + Long.rotateLeft(a, 23)));
    }

    private static long mix(long hash) {
        long mixed = (hash ^ hash >>> 33) * PRIME_2;
        mixed = (mixed ^ mixed >>> 29) * PRIME_3;
        return mixed ^ mixed >>> 32;
    }
}
