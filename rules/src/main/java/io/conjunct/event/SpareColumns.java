// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Arrays that columns have outgrown, for columns to come: a batch of many series grows many columns, and what they grow
 * through would be most of what the sidecar's garbage collector has to do. Keeps {@value #MOST} bytes of arrays whose
 * length is a power of two up to {@value #LONGEST}. Not thread-safe.
 */
public final class SpareColumns {
    private static final int MOST = 512 * 1024;
    private static final int LONGEST = 4_096;
    private static final int LENGTHS = Integer.numberOfTrailingZeros(LONGEST) + 1;

    private int room = MOST;
    private final Kept<long[]> longs = new Kept<>();
    private final Kept<double[]> doubles = new Kept<>();

    long[] longs(int length) {
        long[] spare = longs.take(length);
        return spare == null ? new long[length] : spare;
    }

    double[] doubles(int length) {
        double[] spare = doubles.take(length);
        return spare == null ? new double[length] : spare;
    }

    /** Nobody else may use the array from now on. */
    void give(long[] array) {
        longs.give(array, array.length);
    }

    /** The same. */
    void give(double[] array) {
        doubles.give(array, array.length);
    }

    private final class Kept<T> {
        @SuppressWarnings({"unchecked", "rawtypes"})
        private final Deque<T>[] byLength = new Deque[LENGTHS];

        Kept() {
            for (int i = 0; i < LENGTHS; i++) {
                byLength[i] = new ArrayDeque<>();
            }
        }

        @Nullable
        T take(int length) {
            T taken = length > LONGEST ? null : byLength[Integer.numberOfTrailingZeros(length)].pollFirst();
            room += taken == null ? 0 : length * Long.BYTES;
            return taken;
        }

        void give(T array, int length) {
            int bytes = length * Long.BYTES;
            if (length <= LONGEST && Integer.bitCount(length) == 1 && bytes <= room) {
                byLength[Integer.numberOfTrailingZeros(length)].addFirst(array);
                room -= bytes;
            }
        }
    }
}
