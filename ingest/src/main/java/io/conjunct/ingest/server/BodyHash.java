// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.io.IOException;
import java.io.InputStream;
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
    private static final int BLOCK = 128 * STRIDE;
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long SEED = new SplittableRandom().nextLong();

    /** The hash of a body, which may be followed by other bytes; {@code kind} sets equal bodies of different signals and encodings apart. */
    static BodyHash of(String kind, byte[] body, int length) {
        Running hash = new Running(kind);
        hash.add(body, length);
        return hash.end();
    }

    /** The same of a body that is read from its beginning to its end. */
    static BodyHash of(String kind, InputStream body) throws IOException {
        Running hash = new Running(kind);
        byte[] block = new byte[BLOCK];
        for (int read = body.readNBytes(block, 0, BLOCK); read > 0; read = body.readNBytes(block, 0, BLOCK)) {
            hash.add(block, read);
        }
        return hash.end();
    }

    /** A hash over blocks, all but the last of which are whole strides. */
    private static final class Running {
        private final CRC32C crc = new CRC32C();
        private long sampled;
        private long length;

        Running(String kind) {
            sampled = SEED ^ kind.hashCode();
        }

        void add(byte[] block, int count) {
            crc.update(block, 0, count);
            long hash = sampled;
            for (int i = 0; i + 2 * Long.BYTES <= count; i += STRIDE) {
                hash = Long.rotateLeft(hash + (long) LONGS.get(block, i) * PRIME_2, 31) * PRIME_1;
                hash = Long.rotateLeft(hash + (long) LONGS.get(block, i + Long.BYTES) * PRIME_1, 29) * PRIME_2;
            }
            sampled = hash;
            length += count;
        }

        BodyHash end() {
            return new BodyHash(crc.getValue() << Integer.SIZE | length, sampled ^ sampled >>> 32);
        }
    }
}
