// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import io.conjunct.event.Distribution;
import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Halves a batch that became too long; what a second half holds is not covered by the first half's promise. */
final class BatchSplit {
    private BatchSplit() {}

    /** Two lists of rows that hold the same events; null when there is only one event. */
    static @Nullable List<List<Rows>> halves(EventBatch batch) {
        int half = batch.events() / 2;
        if (half == 0) {
            return null;
        }
        List<Rows> first = new ArrayList<>();
        List<Rows> second = new ArrayList<>();
        int taken = 0;
        for (Rows rows : batch.rows()) {
            int here = Math.max(0, Math.min(rows.count(), half - taken));
            if (here == rows.count()) {
                first.add(rows);
            } else if (here == 0) {
                second.add(rows);
            } else {
                first.add(slice(rows, 0, here));
                second.add(slice(rows, here, rows.count()));
            }
            taken += here;
        }
        return List.of(first, second);
    }

    /** Exemplars go with the first slice: they are evidence of the series, not of a row. */
    private static Rows slice(Rows rows, int from, int to) {
        Object[] columns = new Object[rows.columns().length];
        for (int i = 0; i < columns.length; i++) {
            Object column = rows.columns()[i];
            if (column instanceof long[] durations) {
                columns[i] = Arrays.copyOfRange(durations, from, to);
            } else if (column instanceof double[] numbers) {
                columns[i] = Arrays.copyOfRange(numbers, from, to);
            } else {
                columns[i] = Arrays.copyOfRange((Distribution[]) column, from, to);
            }
        }
        return new Rows(
                rows.series(),
                Arrays.copyOfRange(rows.times(), from, to),
                columns,
                from == 0 ? rows.exemplars() : List.of());
    }
}
