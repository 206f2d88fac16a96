// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.engine.Partial.LabelCells;
import io.conjunct.signal.Cell;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of one feed and label set are counted: the cells of the current record, one per pane it touched. A
 * record rarely touches more than two panes, so they are searched one by one. Series that share the labels share the
 * slot; the cells are used again for the next record.
 */
final class Slot {
    final Plan.Source source;
    private final LabelValues labels;
    private long[] panes = {};
    private Cell[] cells = {};
    private int touched;
    /** Where the counts of several records add up. */
    private @Nullable Slot sum;

    Slot(Plan.Source source, LabelValues labels) {
        this.source = source;
        this.labels = labels;
    }

    boolean isUntouched() {
        return touched == 0;
    }

    Cell cell(long pane) {
        for (int i = 0; i < touched; i++) {
            if (panes[i] == pane) {
                return cells[i];
            }
        }
        if (touched == panes.length) {
            panes = Arrays.copyOf(panes, touched + 1);
            cells = Arrays.copyOf(cells, touched + 1);
            cells[touched] = new Cell(source.feed.part());
        }
        panes[touched] = pane;
        return cells[touched++];
    }

    /** What was counted; valid until {@link #clear}. */
    LabelCells cells() {
        return new LabelCells(labels, Arrays.copyOf(panes, touched), Arrays.copyOf(cells, touched));
    }

    /** Adds what was counted to the sum of several records. */
    void addTo(Touched sums) {
        Slot to = sum == null ? new Slot(source, labels) : sum;
        sum = to;
        if (to.isUntouched()) {
            sums.add(to);
        }
        for (int i = 0; i < touched; i++) {
            to.cell(panes[i]).merge(cells[i]);
        }
    }

    /** Makes ready for the next record. */
    void clear(boolean keepMemory) {
        for (int i = 0; i < touched; i++) {
            cells[i].clear();
        }
        touched = 0;
        if (!keepMemory) {
            panes = new long[0];
            cells = new Cell[0];
        }
    }
}
