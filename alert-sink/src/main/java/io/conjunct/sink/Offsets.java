// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far each partition may be committed: up to the first record that still has a delivery to come. Holds one claim per
 * record from there on, which the lanes' capacity bounds. Safe for several threads: the loop reads and commits, lanes
 * release.
 */
final class Offsets {
    private static final class Progress {
        final Deque<Claim> claims = new ArrayDeque<>();
        long committed = -1;
    }

    /** The deliveries of one record that are not over. Claims of a partition that was taken away are without effect. */
    final class Claim {
        private final TopicPartition partition;
        private final long offset;
        private int deliveries;
        private boolean takenAway;

        private Claim(TopicPartition partition, long offset, int deliveries) {
            this.partition = partition;
            this.offset = offset;
            this.deliveries = deliveries;
        }

        TopicPartition partition() {
            return partition;
        }

        long offset() {
            return offset;
        }

        /** Whether its partition was not taken away since. */
        boolean isOurs() {
            synchronized (Offsets.this) {
                return !takenAway;
            }
        }

        /** So many deliveries more come of the record, whose last one is not over. */
        void more(int further) {
            synchronized (Offsets.this) {
                if (deliveries == 0) {
                    throw new IllegalStateException(partition + "@" + offset + ": more after all were over");
                }
                deliveries += further;
            }
        }

        /** One delivery is over. */
        void release() {
            synchronized (Offsets.this) {
                if (deliveries == 0) {
                    throw new IllegalStateException(partition + "@" + offset + ": released more often than claimed");
                }
                deliveries--;
            }
        }
    }

    private final Map<TopicPartition, Progress> partitions = new HashMap<>();

    /** A record was read, and so many deliveries come of it; none when it is for nobody. */
    synchronized Claim read(TopicPartition partition, long offset, int deliveries) {
        Progress progress = partitions.computeIfAbsent(partition, unused -> new Progress());
        Claim claim = new Claim(partition, offset, deliveries);
        progress.claims.addLast(claim);
        forgetReleased(progress);
        return claim;
    }

    /** What may be committed and was not yet. */
    synchronized Map<TopicPartition, OffsetAndMetadata> committable() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        partitions.forEach((partition, progress) -> {
            long position = position(progress);
            if (position > progress.committed) {
                positions.put(partition, new OffsetAndMetadata(position));
            }
        });
        return positions;
    }

    /** Where each partition stands, committed before or not: what proves to the group that we are there. */
    synchronized Map<TopicPartition, OffsetAndMetadata> positions() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        partitions.forEach((partition, progress) -> {
            long position = Math.max(position(progress), progress.committed);
            if (position >= 0) {
                positions.put(partition, new OffsetAndMetadata(position));
            }
        });
        return positions;
    }

    /** These were committed. */
    synchronized void committed(Map<TopicPartition, OffsetAndMetadata> positions) {
        positions.forEach((partition, position) -> {
            Progress progress = partitions.get(partition);
            if (progress != null) {
                progress.committed = Math.max(progress.committed, position.offset());
            }
        });
    }

    /** These partitions are another's now. */
    synchronized void forget(Collection<TopicPartition> taken) {
        for (TopicPartition partition : taken) {
            Progress progress = partitions.remove(partition);
            if (progress != null) {
                progress.claims.forEach(claim -> claim.takenAway = true);
            }
        }
    }

    /** After the last record without deliveries to come; -1 when there is none. */
    private static long position(Progress progress) {
        forgetReleased(progress);
        Claim first = progress.claims.peekFirst();
        if (first == null) {
            return -1;
        }
        return first.deliveries > 0 ? first.offset : first.offset + 1;
    }

    /** Keeps the last one, for it marks the position. */
    private static void forgetReleased(Progress progress) {
        while (progress.claims.size() > 1 && progress.claims.getFirst().deliveries == 0) {
            progress.claims.removeFirst();
        }
    }
}
