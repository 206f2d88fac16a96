// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.conjunct.signal.Cell;
import io.conjunct.signal.Feed.Part;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The record of {@code conjunct.partials}: what one record of the event log contributed to the rule groups of one task,
 * and what it says about time. {@code previousOffset} links it to the record before it for the same task, so the reader
 * proves at run time that nothing was lost or counted twice.
 *
 * @param source partition of the event log
 * @param previousOffset offset of the record whose partial came before, -1 for the first
 * @param offset of the record this one comes from
 * @param watermark of the source partition after that record
 * @param rules a change of rules, when the record was one
 */
record Partial(
        int source,
        long previousOffset,
        long offset,
        long watermark,
        Optional<RuleUpdate> rules,
        List<FeedCells> feeds) {

    private static final Part[] PARTS = Part.values();

    /** What one feed counted. */
    record FeedCells(long feed, Part part, List<LabelCells> series) {}

    /** What one feed counted for one label set, pane by pane. */
    record LabelCells(LabelValues labels, long[] panes, Cell[] cells) {}

    byte[] encode() {
        return Wire.write(out -> {
            out.writeUInt32NoTag(source);
            out.writeSInt64NoTag(previousOffset);
            out.writeSInt64NoTag(offset);
            out.writeSInt64NoTag(watermark);
            out.writeBoolNoTag(rules.isPresent());
            if (rules.isPresent()) {
                out.writeByteArrayNoTag(rules.get().encode());
            }
            out.writeUInt32NoTag(feeds.size());
            for (FeedCells feed : feeds) {
                writeFeed(out, feed);
            }
        });
    }

    private static void writeFeed(CodedOutputStream out, FeedCells feed) throws IOException {
        out.writeFixed64NoTag(feed.feed());
        out.writeUInt32NoTag(feed.part().ordinal());
        out.writeUInt32NoTag(feed.series().size());
        for (LabelCells series : feed.series()) {
            series.labels().writeTo(out);
            out.writeUInt32NoTag(series.panes().length);
            for (int i = 0; i < series.panes().length; i++) {
                out.writeSInt64NoTag(series.panes()[i]);
                series.cells()[i].writeTo(out);
            }
        }
    }

    static Partial decode(byte[] bytes) {
        return Wire.read(bytes, in -> {
            int source = in.readUInt32();
            long previousOffset = in.readSInt64();
            long offset = in.readSInt64();
            long watermark = in.readSInt64();
            Optional<RuleUpdate> rules =
                    in.readBool() ? Optional.of(RuleUpdate.decode(in.readByteArray())) : Optional.empty();
            FeedCells[] feeds = new FeedCells[in.readUInt32()];
            for (int i = 0; i < feeds.length; i++) {
                feeds[i] = readFeed(in);
            }
            return new Partial(source, previousOffset, offset, watermark, rules, List.of(feeds));
        });
    }

    private static FeedCells readFeed(CodedInputStream in) throws IOException {
        long feed = in.readFixed64();
        Part part = PARTS[in.readUInt32()];
        LabelCells[] series = new LabelCells[in.readUInt32()];
        for (int i = 0; i < series.length; i++) {
            LabelValues labels = LabelValues.readFrom(in);
            long[] panes = new long[in.readUInt32()];
            Cell[] cells = new Cell[panes.length];
            for (int j = 0; j < panes.length; j++) {
                panes[j] = in.readSInt64();
                cells[j] = Cell.readFrom(in, part);
            }
            series[i] = new LabelCells(labels, panes, cells);
        }
        return new FeedCells(feed, part, List.of(series));
    }
}
