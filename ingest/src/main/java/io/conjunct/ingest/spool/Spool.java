// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import io.conjunct.ingest.spool.FaultPoint.Moment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The log on disk between the answer to a client and Kafka: one thread appends and syncs groups of batches, another takes
 * them in the same order and says what was delivered. What was synced survives kill -9 and power loss; what was delivered
 * is deleted segment by segment.
 *
 * <p>Bounds: the quota in bytes, beyond which appending is refused, and in age, beyond which batches are dropped and
 * counted. A failing disk refuses too and is tried again every {@value #PAUSE_MILLIS} ms.
 */
public final class Spool implements AutoCloseable {
    private static final long PAUSE_MILLIS = 200;

    private final SpoolSettings settings;
    private final InstantSource clock;
    private final IngestMetrics metrics;
    private final FaultPoint faults;
    private final SpoolState state;
    private final long epoch;
    private final QuietLog quiet = new QuietLog(Spool.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Segment> segments = new ArrayDeque<>();
    private long totalBytes;
    private long durable;
    private long delivered;
    private long oldestMillis = Long.MAX_VALUE;
    private boolean closed;
    private boolean nudged;
    private volatile long pausedUntilNanos;
    private volatile boolean paused;

    /** Used by the appending thread only. */
    private long next;

    private @Nullable Segment active;
    private long unsyncedBytes;
    private long unsyncedMillis = Long.MAX_VALUE;

    /** Used by the taking thread only. */
    private long cursor;

    private @Nullable Segment reading;
    private @Nullable SegmentReader reader;

    private Spool(
            SpoolSettings settings, InstantSource clock, IngestMetrics metrics, FaultPoint faults, SpoolState state)
            throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.metrics = metrics;
        this.faults = faults;
        this.state = state;
        this.epoch = Math.max(clock.millis(), state.epoch() + 1);
        Recovery recovery = Recovery.of(settings.directory(), state.position());
        state.epoch(epoch);
        segments.addAll(recovery.segments());
        totalBytes = segments.stream().mapToLong(segment -> segment.bytes).sum();
        next = recovery.next();
        durable = next;
        cursor = state.position();
        delivered = cursor;
        oldestMillis = segments.isEmpty() ? Long.MAX_VALUE : segments.getFirst().lastMillis;
        metrics.recovered(recovery.events(), recovery.damaged(), recovery.tornBytes());
        metrics.spoolBytes(totalBytes);
        if (recovery.damaged() > 0 || recovery.tornBytes() > 0) {
            quiet.warn(
                    "recovered",
                    recovery.damaged() + " damaged batches and a torn end of " + recovery.tornBytes()
                            + " bytes were left out");
        }
    }

    /**
     * Opens a spool, whatever state its files are in.
     *
     * @throws IOException when the directory cannot be made, read or written
     */
    public static Spool open(SpoolSettings settings, InstantSource clock, IngestMetrics metrics, FaultPoint faults)
            throws IOException {
        Files.createDirectories(settings.directory());
        SpoolState state = new SpoolState(settings.directory().resolve("state"));
        try {
            return new Spool(settings, clock, metrics, faults, state);
        } catch (IOException | RuntimeException e) {
            state.close();
            throw e;
        }
    }

    /**
     * A batch on its way to Kafka.
     *
     * @param batch null when it was damaged on disk
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by content nowhere; the arrays are never changed
    public record Entry(long ordinal, long millis, int events, byte @Nullable [] batch) {}

    /** Higher than that of every earlier start in this directory. */
    public long epoch() {
        return epoch;
    }

    /** Whether appending would be refused now; costs nothing. */
    public boolean isFull() {
        if (paused && System.nanoTime() - pausedUntilNanos < 0) {
            return true;
        }
        lock.lock();
        try {
            return totalBytes >= settings.maxBytes();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Appends; durable, and to be taken, after the next {@link #sync}.
     *
     * @return its ordinal
     */
    public long append(byte[] batch, int events) throws IOException, SpoolFullException {
        Frame frame = Frame.of(batch, next, clock.millis(), events);
        if (!hasRoom(frame.totalBytes())) {
            throw new SpoolFullException("the spool is full");
        }
        try {
            Segment segment = active;
            if (segment == null || segment.written() >= settings.segmentBytes() || isInTheWay(segment)) {
                segment = roll();
            }
            faults.hit(Moment.BEFORE_SPOOL_APPENDED);
            segment.write(frame, batch);
        } catch (IOException e) {
            pause(e);
            throw e;
        }
        next++;
        unsyncedBytes += frame.totalBytes();
        unsyncedMillis = Math.min(unsyncedMillis, frame.millis());
        faults.hit(Moment.AFTER_SPOOL_APPENDED);
        return frame.ordinal();
    }

    private boolean hasRoom(long bytes) {
        lock.lock();
        try {
            return totalBytes + unsyncedBytes + bytes <= settings.maxBytes();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a disk that has no room could have some if this segment, which Kafka has, were not there. */
    private boolean isInTheWay(Segment segment) {
        return paused && segment.written() > 0 && isDelivered(segment);
    }

    private boolean isDelivered(Segment segment) {
        lock.lock();
        try {
            return segment.end <= delivered && unsyncedBytes == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whatever is in the active segment is synced, then a new one begins; on a full disk the old one has to go first. */
    private Segment roll() throws IOException {
        sync();
        Segment old = active;
        active = null;
        if (old != null) {
            old.closeFile();
            if (isDelivered(old)) {
                lock.lock();
                try {
                    segments.remove(old);
                    totalBytes -= old.bytes;
                } finally {
                    lock.unlock();
                }
                Files.deleteIfExists(old.file);
            }
        }
        Segment fresh = Segment.create(settings.directory(), next);
        try (FileChannel directory = FileChannel.open(settings.directory(), StandardOpenOption.READ)) {
            directory.force(true);
        }
        lock.lock();
        try {
            segments.addLast(fresh);
        } finally {
            lock.unlock();
        }
        active = fresh;
        return fresh;
    }

    /** Makes durable, and lets be taken, what was appended; when it throws, use {@link #rollBack}. */
    public void sync() throws IOException {
        Segment segment = active;
        if (segment == null || unsyncedBytes == 0) {
            return;
        }
        try {
            faults.hit(Moment.BEFORE_SPOOL_FSYNCED);
            segment.sync();
        } catch (IOException e) {
            pause(e);
            throw e;
        }
        faults.hit(Moment.AFTER_SPOOL_FSYNCED);
        lock.lock();
        try {
            oldestMillis = Math.min(oldestMillis, unsyncedMillis);
            segment.bytes += unsyncedBytes;
            segment.end = next;
            segment.lastMillis = clock.millis();
            totalBytes += unsyncedBytes;
            durable = next;
            paused = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        unsyncedBytes = 0;
        unsyncedMillis = Long.MAX_VALUE;
        metrics.spoolBytes(totalBytes);
    }

    /** Takes back what was appended and not synced; what may still be on disk of it is never taken. */
    public void rollBack() {
        Segment segment = active;
        if (segment == null) {
            return;
        }
        try {
            segment.cut();
            next = segment.end;
        } catch (IOException e) {
            // Its numbers are not used again, so a start that finds them does not mistake others for them.
            active = null;
            quiet.warn("spool", "what could not be written could not be cut off either: " + e.getMessage());
        }
        unsyncedBytes = 0;
        unsyncedMillis = Long.MAX_VALUE;
    }

    /** Whether a batch that was appended is safe, even if the call after it failed. */
    public boolean isDurable(long ordinal) {
        lock.lock();
        try {
            return ordinal < durable;
        } finally {
            lock.unlock();
        }
    }

    private void pause(IOException cause) {
        pausedUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
        paused = true;
        quiet.warn("spool", "the spool cannot be written: " + cause.getMessage());
    }

    /** The next batch, in the order of appending; null when none comes in time. */
    public @Nullable Entry take(Duration patience) throws IOException {
        long left = patience.toNanos();
        closeReaderOfGone();
        while (true) {
            Segment segment;
            long limit;
            lock.lock();
            try {
                while (cursor >= durable && !closed && !nudged && left > 0) {
                    left = changed.awaitNanos(left);
                }
                nudged = false;
                if (cursor >= durable || closed) {
                    return null;
                }
                segment = segmentOf(cursor);
                if (segment == null) {
                    cursor = durable;
                    continue;
                }
                limit = segment.bytes;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            } finally {
                lock.unlock();
            }
            Entry entry = read(segment, limit);
            if (entry != null) {
                return entry;
            }
        }
    }

    /** The segment that has this ordinal, or the next one after it. */
    private @Nullable Segment segmentOf(long ordinal) {
        for (Segment segment : segments) {
            if (segment.end > ordinal) {
                return segment;
            }
        }
        return null;
    }

    private @Nullable Entry read(Segment segment, long limit) throws IOException {
        SegmentReader from = reader;
        if (from == null || reading != segment) {
            closeReader();
            from = new SegmentReader(segment.file);
            reader = from;
            reading = segment;
        }
        Frame frame;
        while ((frame = from.next(limit)) != null) {
            if (frame.ordinal() >= cursor && frame.ordinal() < segment.end) {
                cursor = frame.ordinal() + 1;
                return new Entry(frame.ordinal(), frame.millis(), frame.events(), from.batch(frame));
            }
        }
        cursor = Math.max(cursor, segment.end);
        return null;
    }

    /** Whether everything durable was taken. */
    public boolean isDrained() {
        lock.lock();
        try {
            return cursor >= durable && delivered >= durable;
        } finally {
            lock.unlock();
        }
    }

    /** Kafka has, or never will have, everything up to and with this batch. */
    public void delivered(Entry last) throws IOException {
        Deque<Segment> done = new ArrayDeque<>();
        lock.lock();
        try {
            delivered = last.ordinal() + 1;
            oldestMillis = delivered >= durable ? Long.MAX_VALUE : last.millis();
            while (!segments.isEmpty()
                    && segments.getFirst().end <= delivered
                    && segments.getFirst() != segments.getLast()) {
                Segment first = segments.removeFirst();
                totalBytes -= first.bytes;
                done.add(first);
            }
            metrics.spoolBytes(totalBytes);
        } finally {
            lock.unlock();
        }
        state.position(last.ordinal() + 1);
        faults.hit(Moment.BEFORE_SPOOL_DELETED);
        for (Segment segment : done) {
            Files.deleteIfExists(segment.file);
        }
        faults.hit(Moment.AFTER_SPOOL_DELETED);
    }

    /** How long the oldest batch has been waiting; zero when none does. */
    public Duration oldestAge() {
        lock.lock();
        try {
            long since = oldestMillis;
            return since == Long.MAX_VALUE ? Duration.ZERO : Duration.ofMillis(Math.max(0, clock.millis() - since));
        } finally {
            lock.unlock();
        }
    }

    /** Size of all files. */
    public long bytes() {
        lock.lock();
        try {
            return totalBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a batch of this age is not worth sending any more. */
    public boolean isExpired(Entry entry) {
        return clock.millis() - entry.millis() > settings.maxAge().toMillis();
    }

    /** What one segment holds: about what has to be delivered before a full spool takes more. */
    public long segmentBytes() {
        return settings.segmentBytes();
    }

    /** Makes a {@link #take} that waits return, because there is other work. */
    public void nudge() {
        lock.lock();
        try {
            nudged = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets the taking thread go; nothing may be appended any more. */
    public void stopTaking() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A file that is deleted takes its room until nobody has it open any more. */
    private void closeReaderOfGone() throws IOException {
        boolean gone;
        lock.lock();
        try {
            gone = reading != null && !segments.contains(reading);
        } finally {
            lock.unlock();
        }
        if (gone) {
            closeReader();
        }
    }

    private void closeReader() throws IOException {
        SegmentReader old = reader;
        reader = null;
        reading = null;
        if (old != null) {
            old.close();
        }
    }

    /** To be called when neither thread works any more. */
    @Override
    public void close() {
        stopTaking();
        try {
            closeReader();
            Segment segment = active;
            active = null;
            if (segment != null) {
                segment.closeFile();
            }
            state.close();
        } catch (IOException e) {
            quiet.warn("close", "the spool was not closed properly: " + e.getMessage());
        }
    }
}
