// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.histogram;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Counts of one sign: a dense run of the indices seen so far. */
final class Buckets {
    private static final long[] NONE = {};

    long[] counts = NONE;
    int first;

    void add(int index, long times) {
        int slot = index - first;
        if (slot < 0 || slot >= counts.length) {
            makeRoom(index);
            slot = index - first;
        }
        counts[slot] += times;
    }

    private void makeRoom(int index) {
        if (counts.length == 0) {
            // Start with a quarter octave around the first value: most panes of one series stay within two octaves.
            counts = new long[8];
            first = Math.max(Histogram.MIN_INDEX, index - 4);
            return;
        }
        int from = Math.min(first, Math.max(Histogram.MIN_INDEX, index - 8));
        int to = Math.max(first + counts.length, Math.min(Histogram.MAX_INDEX + 1, index + 9));
        long[] wider = new long[to - from];
        System.arraycopy(counts, 0, wider, first - from, counts.length);
        counts = wider;
        first = from;
    }

    void addAll(Buckets other, long sign) {
        if (other.counts.length == 0) {
            return;
        }
        int from = 0;
        int to = other.counts.length;
        while (from < to && other.counts[from] == 0) {
            from++;
        }
        while (to > from && other.counts[to - 1] == 0) {
            to--;
        }
        if (from == to) {
            return;
        }
        cover(other.first + from, other.first + to - 1);
        int shift = other.first - first;
        for (int i = from; i < to; i++) {
            counts[i + shift] += sign * other.counts[i];
        }
    }

    private void cover(int low, int high) {
        if (counts.length == 0) {
            first = low;
            counts = new long[high - low + 1];
            return;
        }
        if (low < first || high >= first + counts.length) {
            int from = Math.min(first, low);
            int to = Math.max(first + counts.length, high + 1);
            long[] wider = new long[to - from];
            System.arraycopy(counts, 0, wider, first - from, counts.length);
            counts = wider;
            first = from;
        }
    }

    void clear() {
        Arrays.fill(counts, 0);
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
        int occupied = 0;
        for (long c : counts) {
            if (c != 0) {
                occupied++;
            }
        }
        out.writeUInt32NoTag(occupied);
        int previous = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                int index = first + i;
                out.writeSInt32NoTag(index - previous);
                out.writeUInt64NoTag(counts[i]);
                previous = index;
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
