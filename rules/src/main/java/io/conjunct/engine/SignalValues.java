// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.conjunct.signal.Reading;
import io.conjunct.signal.Signal;
import io.conjunct.signal.Signal.OnMissing;
import io.conjunct.signal.Window;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values of one signal at the current tick, one per label set, computed once however many rules ask. */
final class SignalValues {
    final Signal signal;
    final FeedWindows windows;
    private final int window;
    private final EngineSettings settings;
    private final Map<LabelValues, Reading> current = new HashMap<>();
    /** Of a signal with {@code on_missing: hold}: the last known values and their panes. */
    private final TreeMap<LabelValues, Held> held = new TreeMap<>();

    private long pane;

    /** A value that is carried forward while it is missing. */
    private record Held(double value, long n, long pane) {}

    SignalValues(Signal signal, FeedWindows windows, EngineSettings settings) {
        this.signal = signal;
        this.windows = windows;
        this.window = windows.indexOf(ticks(signal, settings));
        this.settings = settings;
    }

    /** Length of a signal's window in ticks, rounded up. */
    static long ticks(Signal signal, EngineSettings settings) {
        return Math.max(1, (signal.over().toMillis() + settings.tickMillis() - 1) / settings.tickMillis());
    }

    /** Position of the window among those of the feed. */
    int window() {
        return window;
    }

    /** Moves on to a tick: values are computed afresh when asked for. */
    void at(long newPane) {
        pane = newPane;
        current.clear();
    }

    /** The tick the values are of. */
    long pane() {
        return pane;
    }

    Collection<LabelValues> labels() {
        return windows.labels();
    }

    /** The value for a label set; of one never seen it is that of an empty window. */
    Reading read(LabelValues labels) {
        Reading reading = current.get(labels);
        if (reading == null) {
            Window content = windows.window(labels, window);
            long seenMillis = (pane - windows.key.origin() + 1) * settings.tickMillis();
            reading = orMissing(labels, Reading.of(signal, content, seenMillis));
            current.put(labels, reading);
        }
        return reading;
    }

    private Reading orMissing(LabelValues labels, Reading reading) {
        if (signal.onMissing() instanceof OnMissing.Value value) {
            return reading.isKnown() ? reading : Reading.of(value.value(), reading.n());
        }
        if (signal.onMissing() instanceof OnMissing.Hold hold) {
            if (reading.isKnown()) {
                held.put(labels, new Held(reading.value(), reading.n(), pane));
                return reading;
            }
            Held last = held.get(labels);
            if (last != null
                    && (pane - last.pane()) * settings.tickMillis()
                            <= hold.atMost().toMillis()) {
                return Reading.of(last.value(), last.n());
            }
            held.remove(labels);
        }
        return reading;
    }

    boolean holds() {
        return signal.onMissing() instanceof OnMissing.Hold;
    }

    void writeHeld(CodedOutputStream out) throws IOException {
        out.writeUInt32NoTag(held.size());
        for (Map.Entry<LabelValues, Held> entry : held.entrySet()) {
            entry.getKey().writeTo(out);
            out.writeDoubleNoTag(entry.getValue().value());
            out.writeUInt64NoTag(entry.getValue().n());
            out.writeSInt64NoTag(entry.getValue().pane());
        }
    }

    /** Reads what {@link #writeHeld} wrote; of a signal that is gone or holds no more it is passed over. */
    static void readHeld(CodedInputStream in, @Nullable SignalValues into) throws IOException {
        int size = in.readUInt32();
        for (int i = 0; i < size; i++) {
            LabelValues labels = LabelValues.readFrom(in);
            Held value = new Held(in.readDouble(), in.readUInt64(), in.readSInt64());
            if (into != null) {
                into.held.put(labels, value);
            }
        }
    }
}
