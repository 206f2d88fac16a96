// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.batch.Batcher;
import io.conjunct.ingest.batch.OverloadedException;
import io.conjunct.ingest.mapping.Mapping;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import io.conjunct.ingest.metrics.Tally;
import io.conjunct.ingest.otlp.MalformedRequestException;
import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.pieces.TooLongException;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.ingest.server.Bytes.Body;
import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Decoding.Handed;
import io.conjunct.ingest.server.Decoding.Task;
import io.conjunct.ingest.server.LargeBodies.LargeBody;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What both doors lead to: a body in, an answer out when its events are durable. A request counts as a whole: when it
 * cannot be read to its end nothing of it is kept. Thread-safe.
 */
public final class Intake {
    private final Batcher batcher;
    private final InstantSource clock;
    private final IngestMetrics metrics;
    private final Supplier<IngestProfile> profile;
    private final Duration acknowledgement;
    private final RecentRequests recent;
    private final Warnings warnings = new Warnings();
    private final Decoding decoding;
    private final LargeRequests large;
    private final Executor one;
    private final QuietLog quiet = new QuietLog(Intake.class);

    /**
     * Makes one for both doors.
     *
     * @param acknowledgement how long a client waits for its events to be durable before it is told to try again
     * @param duplicateWindow how long a request is known again
     * @param bytes memory for pieces of bodies that lie in files
     * @param one reads those, one at a time
     */
    public Intake(
            Mapping mapping,
            Batcher batcher,
            InstantSource clock,
            IngestMetrics metrics,
            Supplier<IngestProfile> profile,
            Duration acknowledgement,
            Duration duplicateWindow,
            Bytes bytes,
            Executor one) {
        this.batcher = batcher;
        this.clock = clock;
        this.metrics = metrics;
        this.profile = profile;
        this.acknowledgement = acknowledgement;
        this.recent = new RecentRequests(duplicateWindow);
        this.decoding = new Decoding(mapping, batcher, metrics);
        this.large = new LargeRequests(decoding, bytes, mapping::newMapper);
        this.one = one;
    }

    /** Is done with the body when it returns. Never throws or completes exceptionally, and completes not later than clients are made to wait. */
    CompletableFuture<Reply> accept(Signal signal, boolean json, String transport, Body body, Sender sender) {
        try {
            Task task = task(signal, json, transport);
            BodyHash hash = body.length() == 0 ? null : BodyHash.of(signal, json, body.bytes(), body.length());
            return admit(signal, transport, hash, () -> process(task, body, sender));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(defect(signal, e));
        }
    }

    /** The same for a body in a file, which is closed here, sooner or later. */
    CompletableFuture<Reply> accept(Signal signal, boolean json, String transport, LargeBody body, Sender sender) {
        AtomicBoolean taken = new AtomicBoolean();
        try {
            Task task = task(signal, json, transport);
            BodyHash hash = BodyHash.of(signal, json, body.stream(), body.length());
            return admit(signal, transport, hash, () -> {
                CompletableFuture<Reply> read = later(task, hash, body, sender);
                taken.set(true);
                return read;
            });
        } catch (IOException e) {
            return CompletableFuture.completedFuture(diskFailed(signal, e));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(defect(signal, e));
        } finally {
            if (!taken.get()) {
                body.close();
            }
        }
    }

    private Task task(Signal signal, boolean json, String transport) {
        return new Task(signal, json, transport, profile.get(), clock.millis());
    }

    /** A client drops what is answered with an unknown error, so a defect of ours asks for another try. */
    private Reply defect(Signal signal, Throwable cause) {
        quiet.warn("internal error", "a " + signal.label() + " request could not be processed", cause);
        return Reply.failed(Outcome.UNAVAILABLE, "internal error");
    }

    private Reply diskFailed(Signal signal, IOException cause) {
        quiet.warn("disk", "a long " + signal.label() + " request could not be kept on disk", cause);
        return Reply.failed(Outcome.UNAVAILABLE, "the disk did not take the request");
    }

    private static Reply closing() {
        return Reply.failed(Outcome.UNAVAILABLE, "the sidecar is closing");
    }

    private static Reply malformed(MalformedRequestException cause) {
        return Reply.failed(Outcome.MALFORMED, String.valueOf(cause.getMessage()));
    }

    /** @param hash null for what is not known again */
    private CompletableFuture<Reply> admit(
            Signal signal, String transport, @Nullable BodyHash hash, Supplier<CompletableFuture<Reply>> work) {
        try {
            batcher.checkRoom();
        } catch (OverloadedException e) {
            return CompletableFuture.completedFuture(Reply.refused(e));
        }
        if (hash == null) {
            return inTime(work.get());
        }
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        CompletableFuture<Reply> earlier = recent.claim(hash, reply, clock.millis());
        if (earlier != null) {
            metrics.duplicate(signal, transport);
            return inTime(earlier);
        }
        var unused = work.get().thenAccept(result -> {
            if (result.outcome() != Outcome.OK) {
                recent.forget(hash);
            }
            reply.complete(result);
        });
        return inTime(reply);
    }

    /** What takes longer goes on without its client; when that sends again, it finds what became of the first try. */
    private CompletableFuture<Reply> inTime(CompletableFuture<Reply> reply) {
        if (reply.isDone()) {
            return reply;
        }
        return reply.copy()
                .completeOnTimeout(
                        Reply.failed(Outcome.UNAVAILABLE, "the disk did not take the events in time"),
                        acknowledgement.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Reply> process(Task task, Body body, Sender sender) {
        long receivedNanos = System.nanoTime();
        try {
            Handed handed = decoding.hand(task, body.bytes(), body.length(), sender);
            Reply success = success(handed.tally(), handed.events());
            return handed.durable().handle((done, failure) -> settle(success, handed, receivedNanos, failure));
        } catch (OverloadedException e) {
            return CompletableFuture.completedFuture(Reply.refused(e));
        } catch (MalformedRequestException e) {
            return CompletableFuture.completedFuture(malformed(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.completedFuture(closing());
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(defect(task.signal(), e));
        }
    }

    private Reply success(Tally tally, long events) {
        return Reply.ok(message(tally, events), tally.reported());
    }

    private String message(Tally tally, long events) {
        if (tally.reported() > 0 || events == 0) {
            return tally.report();
        }
        return tally.shaped().isEmpty() ? "" : warnings.about(tally.shaped().keySet(), clock.millis());
    }

    private Reply settle(Reply success, Handed handed, long receivedNanos, @Nullable Throwable failure) {
        if (failure == null) {
            if (handed.events() > 0) {
                metrics.acknowledged(System.nanoTime() - receivedNanos);
            }
            return success;
        }
        handed.undo();
        return failed(failure instanceof CompletionException ? failure.getCause() : failure);
    }

    private static Reply failed(@Nullable Throwable cause) {
        return cause instanceof OverloadedException refusal
                ? Reply.refused(refusal)
                : Reply.failed(Outcome.UNAVAILABLE, "internal error");
    }

    private CompletableFuture<Reply> later(Task task, BodyHash hash, LargeBody body, Sender sender) {
        CompletableFuture<Reply> read = new CompletableFuture<>();
        try {
            one.execute(() -> {
                try (body) {
                    read.complete(process(task, hash, body, sender));
                }
            });
        } catch (RejectedExecutionException e) {
            body.close();
            read.complete(closing());
        }
        return read;
    }

    private Reply process(Task task, BodyHash hash, LargeBody body, Sender sender) {
        long receivedNanos = System.nanoTime();
        try {
            Tally tally = large.read(task, hash, body, sender);
            metrics.acknowledged(System.nanoTime() - receivedNanos);
            return success(tally, tally.accepted());
        } catch (OverloadedException e) {
            return Reply.refused(e);
        } catch (ExecutionException e) {
            return failed(e.getCause());
        } catch (MalformedRequestException e) {
            return malformed(e);
        } catch (TooLongException e) {
            return Reply.failed(Outcome.TOO_LARGE, String.valueOf(e.getMessage()));
        } catch (NoRoomException e) {
            return Reply.failed(Outcome.UNAVAILABLE, "too many requests are being read");
        } catch (IOException e) {
            return diskFailed(task.signal(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return closing();
        } catch (RuntimeException e) {
            return defect(task.signal(), e);
        }
    }
}
