// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * What a request body is known by again: a CRC32C of all of it, which no difference within four bytes escapes, with its
 * length; and 64 bits over sixteen bytes of every {@value #STRIDE}, with a seed of this process, which hardly two bodies
 * share that differ all over, as in ids and times. Told apart is what differs by chance; a client that took pains to send
 * two bodies with one hash would lose what itself had sent.
 */
record BodyHash(long whole, long sampled) {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int STRIDE = 128;
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long SEED = new SplittableRandom().nextLong();

    /** The hash of a body, which may be followed by other bytes; {@code kind} sets equal bodies of different signals and encodings apart. */
    static BodyHash of(String kind, byte[] body, int length) {
        CRC32C crc = new CRC32C();
        crc.update(body, 0, length);
        long sampled = SEED ^ kind.hashCode();
        for (int i = 0; i + 2 * Long.BYTES <= length; i += STRIDE) {
            sampled = Long.rotateLeft(sampled + (long) LONGS.get(body, i) * PRIME_2, 31) * PRIME_1;
            sampled = Long.rotateLeft(sampled + (long) LONGS.get(body, i + Long.BYTES) * PRIME_1, 29) * PRIME_2;
        }
        return new BodyHash(crc.getValue() << Integer.SIZE | length, sampled ^ sampled >>> 32);
    }
}
