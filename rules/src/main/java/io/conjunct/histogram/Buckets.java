// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.histogram;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Counts of one sign: a dense run of blocks of 64 buckets (two octaves) that covers the indices seen so far, and per block
 * a word that tells which of its buckets may be occupied, because a pane of one series fills few of them.
 */
final class Buckets {
    private static final long[] NONE = {};
    private static final int BLOCK = Long.SIZE;

    long[] counts = NONE;
    int first;
    /** A bit stays when its count has returned to zero. */
    private long[] occupied = NONE;

    void add(int index, long times) {
        int slot = index - first;
        if (slot < 0 || slot >= counts.length) {
            cover(index, index);
            slot = index - first;
        }
        counts[slot] += times;
        occupied[slot / BLOCK] |= 1L << slot;
    }

    /** Makes room for the buckets from {@code low} to {@code high}. */
    private void cover(int low, int high) {
        int from = low & -BLOCK;
        int to = (high & -BLOCK) + BLOCK;
        if (counts.length > 0) {
            from = Math.min(from, first);
            to = Math.max(to, first + counts.length);
        }
        if (to - from > counts.length) {
            long[] wider = new long[to - from];
            long[] widerOccupied = new long[wider.length / BLOCK];
            if (counts.length > 0) {
                System.arraycopy(counts, 0, wider, first - from, counts.length);
                System.arraycopy(occupied, 0, widerOccupied, (first - from) / BLOCK, occupied.length);
            }
            counts = wider;
            occupied = widerOccupied;
            first = from;
        }
    }

    void addAll(Buckets other, long sign) {
        int low = 0;
        int high = other.occupied.length - 1;
        while (low <= high && other.occupied[low] == 0) {
            low++;
        }
        while (low <= high && other.occupied[high] == 0) {
            high--;
        }
        if (low > high) {
            return;
        }
        cover(other.first + low * BLOCK, other.first + high * BLOCK);
        int shift = other.first - first;
        for (int i = low * BLOCK; i < (high + 1) * BLOCK; i++) {
            counts[i + shift] += sign * other.counts[i];
        }
        for (int block = low; block <= high; block++) {
            occupied[block + shift / BLOCK] |= other.occupied[block];
        }
    }

    void clear() {
        for (int block = 0; block < occupied.length; block++) {
            if (occupied[block] != 0) {
                Arrays.fill(counts, block * BLOCK, (block + 1) * BLOCK, 0);
                occupied[block] = 0;
            }
        }
    }

    long total() {
        long total = 0;
        for (long c : counts) {
            total += c;
        }
        return total;
    }

    /** Index of the bucket that holds the value of this rank, counted from the smallest magnitude. */
    int indexAt(long rank) {
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return first + i;
            }
        }
        throw new IllegalStateException("rank " + rank + " beyond " + seen + " counted values");
    }

    void writeTo(CodedOutputStream out) throws IOException {
        int size = 0;
        for (int block = 0; block < occupied.length; block++) {
            for (long left = occupied[block]; left != 0; left &= left - 1) {
                if (counts[block * BLOCK + Long.numberOfTrailingZeros(left)] != 0) {
                    size++;
                }
            }
        }
        out.writeUInt32NoTag(size);
        int previous = 0;
        for (int block = 0; block < occupied.length; block++) {
            for (long left = occupied[block]; left != 0; left &= left - 1) {
                int slot = block * BLOCK + Long.numberOfTrailingZeros(left);
                if (counts[slot] != 0) {
                    out.writeSInt32NoTag(first + slot - previous);
                    out.writeUInt64NoTag(counts[slot]);
                    previous = first + slot;
                }
            }
        }
    }

    /** Adds what {@link #writeTo} wrote, or takes it back; returns the sum of the counts, with the sign. */
    long readFrom(CodedInputStream in, int sign) throws IOException {
        int occupied = readSize(in);
        long total = 0;
        int index = 0;
        for (int i = 0; i < occupied; i++) {
            index = readIndex(in, index);
            long times = sign * readCount(in);
            add(index, times);
            total += times;
        }
        return total;
    }

    /** Checks what {@link #writeTo} wrote, without counting it; returns the sum of the counts. */
    static long check(CodedInputStream in, long atMost) throws IOException {
        int occupied = readSize(in);
        long total = 0;
        int index = 0;
        for (int i = 0; i < occupied; i++) {
            index = readIndex(in, index);
            total += readCount(in);
            if (total < 0 || total > atMost) {
                throw new IOException("histogram counts more than " + atMost);
            }
        }
        return total;
    }

    private static int readSize(CodedInputStream in) throws IOException {
        int occupied = in.readUInt32();
        if (occupied < 0 || occupied > Histogram.MAX_BUCKETS) {
            throw new IOException("histogram claims " + occupied + " buckets (at most " + Histogram.MAX_BUCKETS + ")");
        }
        return occupied;
    }

    private static int readIndex(CodedInputStream in, int previous) throws IOException {
        int index = previous + in.readSInt32();
        if (index < Histogram.MIN_INDEX || index > Histogram.MAX_INDEX) {
            throw new IOException("histogram bucket index out of range: " + index);
        }
        return index;
    }

    private static long readCount(CodedInputStream in) throws IOException {
        long times = in.readUInt64();
        if (times < 0) {
            throw new IOException("histogram bucket with a negative count");
        }
        return times;
    }

    boolean sameAs(Buckets other) {
        int low = Math.min(first, other.first);
        int high = Math.max(first + counts.length, other.first + other.counts.length);
        for (int index = low; index < high; index++) {
            if (at(index) != other.at(index)) {
                return false;
            }
        }
        return true;
    }

    private long at(int index) {
        int slot = index - first;
        return slot < 0 || slot >= counts.length ? 0 : counts[slot];
    }
}
