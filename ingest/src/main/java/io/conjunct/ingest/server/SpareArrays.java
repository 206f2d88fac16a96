// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of bodies that are done with, for bodies to come: in a small heap, new ones are most of what the garbage
 * collector has to do. Keeps arrays of {@value #SMALLEST} to {@value #LARGEST} bytes, {@value #MOST} bytes of them
 * together. Thread-safe.
 */
final class SpareArrays {
    private static final int SMALLEST = 16 * 1024;
    private static final int LARGEST = 512 * 1024;
    private static final int MOST = 6 * 1024 * 1024;

    private final ArrayDeque<byte[]> arrays = new ArrayDeque<>();
    private int kept;

    /** One of at least this length, and not much more; null when there is none. */
    synchronized byte @Nullable [] take(int least) {
        if (least < SMALLEST) {
            return null;
        }
        Iterator<byte[]> each = arrays.iterator();
        while (each.hasNext()) {
            byte[] array = each.next();
            if (array.length >= least && array.length / 2 <= least) {
                each.remove();
                kept -= array.length;
                return array;
            }
        }
        return null;
    }

    /** Lets go of those that are more than this, the ones that lay longest first. */
    synchronized void shrink(long most) {
        while (kept > most) {
            kept -= arrays.removeLast().length;
        }
    }

    /** Nobody else may use the array from now on. When there are too many, the one that lay longest goes. */
    synchronized void give(byte[] array) {
        if (array.length < SMALLEST || array.length > LARGEST) {
            return;
        }
        arrays.addFirst(array);
        kept += array.length;
        shrink(MOST);
    }
}
