// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.conjunct.signal.Cell;
import io.conjunct.signal.Feed.Part;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The closed panes of one rule group, each packed into one store entry, so that a window can take back what it added
 * hours ago and can be rebuilt after a restart.
 *
 * <p>Panes form a ladder: a pane of level k spans {@code 2^k} ticks and is made of two of level k-1. A window of N ticks
 * is made of panes of the lowest level that needs at most {@value #MAX_PANES} of them, so 30 days cost what one hour
 * costs. Each level is a ring of {@value #RING} entries: a slot is overwritten, never deleted, so the changelog compacts
 * to a bounded size.
 */
final class PaneLog {
    /** Panes a window is made of, at most. */
    static final int MAX_PANES = 360;

    static final int RING = 512;

    private static final Part[] PARTS = Part.values();

    private final Store store;
    private final long group;

    /** Cells of one pane, by feed and labels. A feed is told from an earlier life of itself by its origin. */
    static final class Pane {
        private final Map<FeedKey, TreeMap<LabelValues, Cell>> feeds = new LinkedHashMap<>();

        TreeMap<LabelValues, Cell> cells(FeedKey feed) {
            TreeMap<LabelValues, Cell> cells = feeds.get(feed);
            return cells == null ? new TreeMap<>() : cells;
        }

        void put(FeedKey feed, TreeMap<LabelValues, Cell> cells) {
            if (!cells.isEmpty()) {
                feeds.put(feed, cells);
            }
        }

        boolean isEmpty() {
            return feeds.isEmpty();
        }

        /** Adds the cells of those feeds of another pane that {@code wanted} accepts. */
        void merge(Pane other, Predicate<FeedKey> wanted) {
            other.feeds.forEach((feed, cells) -> {
                if (wanted.test(feed)) {
                    TreeMap<LabelValues, Cell> mine = feeds.computeIfAbsent(feed, f -> new TreeMap<>());
                    cells.forEach((labels, cell) -> mine.computeIfAbsent(labels, l -> new Cell(cell.part()))
                            .merge(cell));
                }
            });
        }
    }

    /**
     * A feed in one of its lives.
     *
     * @param id of the feed
     * @param origin first pane it was counted in
     */
    record FeedKey(long id, long origin) {}

    PaneLog(Store store, long group) {
        this.store = store;
        this.group = group;
    }

    /** The level whose panes a window of this many ticks is made of. */
    static int levelOf(long ticks) {
        int level = 0;
        while ((ticks + (1L << level) - 1) >> level > MAX_PANES) {
            level++;
        }
        return level;
    }

    /** Packs a pane; an empty one leaves its slot as it is, which reads as empty too. */
    void write(int level, long index, Pane pane) {
        if (pane.isEmpty()) {
            return;
        }
        store.put(key(level, index), Wire.write(out -> {
            out.writeSInt64NoTag(index);
            out.writeUInt32NoTag(pane.feeds.size());
            for (Map.Entry<FeedKey, TreeMap<LabelValues, Cell>> feed : pane.feeds.entrySet()) {
                writeFeed(out, feed.getKey(), feed.getValue());
            }
        }));
    }

    private static void writeFeed(CodedOutputStream out, FeedKey feed, TreeMap<LabelValues, Cell> cells)
            throws IOException {
        out.writeFixed64NoTag(feed.id());
        out.writeSInt64NoTag(feed.origin());
        out.writeUInt32NoTag(cells.firstEntry().getValue().part().ordinal());
        out.writeUInt32NoTag(cells.size());
        for (Map.Entry<LabelValues, Cell> cell : cells.entrySet()) {
            cell.getKey().writeTo(out);
            cell.getValue().writeTo(out);
        }
    }

    /** The pane at this index, empty when nothing was counted in it or its slot has been taken since. */
    Pane read(int level, long index) {
        byte[] packed = store.get(key(level, index));
        if (packed == null) {
            return new Pane();
        }
        return Wire.read(packed, in -> {
            Pane pane = new Pane();
            if (in.readSInt64() != index) {
                return pane;
            }
            int feeds = in.readUInt32();
            for (int i = 0; i < feeds; i++) {
                readFeed(in, pane);
            }
            return pane;
        });
    }

    private static void readFeed(CodedInputStream in, Pane pane) throws IOException {
        FeedKey feed = new FeedKey(in.readFixed64(), in.readSInt64());
        Part part = PARTS[in.readUInt32()];
        int size = in.readUInt32();
        TreeMap<LabelValues, Cell> cells = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            cells.put(LabelValues.readFrom(in), Cell.readFrom(in, part));
        }
        pane.put(feed, cells);
    }

    private byte[] key(int level, long index) {
        return Wire.key('p', group, level, Math.floorMod(index, RING));
    }

    /**
     * Visits the panes that make up the ticks from {@code first} to {@code last}, oldest first: whole panes of
     * {@code level}, then the ladder's smaller ones for the rest. {@code first} must be the start of a pane of the level.
     */
    void replay(int level, long first, long last, Visitor visitor) {
        long tick = first;
        while (tick <= last) {
            int k = level;
            while (k > 0 && (Math.floorMod(tick, 1L << k) != 0 || tick + (1L << k) - 1 > last)) {
                k--;
            }
            visitor.pane(tick, read(k, tick >> k));
            tick += 1L << k;
        }
    }

    /** Receives panes. */
    interface Visitor {
        /** @param firstTick the first tick it spans */
        void pane(long firstTick, Pane pane);
    }
}
