// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.batch.Batcher;
import io.conjunct.ingest.batch.OverloadedException;
import io.conjunct.ingest.mapping.EventStage;
import io.conjunct.ingest.mapping.Mapping;
import io.conjunct.ingest.mapping.RequestMapper;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import io.conjunct.ingest.metrics.Rejection;
import io.conjunct.ingest.metrics.Tally;
import io.conjunct.ingest.otlp.JsonReader;
import io.conjunct.ingest.otlp.MalformedRequestException;
import io.conjunct.ingest.otlp.ProtobufReader;
import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.ingest.server.Bytes.Body;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What both doors lead to: a body in, an answer out when its events are durable. A request counts as a whole: when it
 * cannot be read to its end nothing of it is kept. Decodes as many requests at a time as there are processors, at least
 * two. Thread-safe.
 */
public final class Intake {
    private final Batcher batcher;
    private final InstantSource clock;
    private final IngestMetrics metrics;
    private final Supplier<IngestProfile> profile;
    private final Duration acknowledgement;
    private final RecentRequests recent;
    private final Warnings warnings = new Warnings();
    private final BlockingDeque<Decoder> decoders = new LinkedBlockingDeque<>();
    private final QuietLog quiet = new QuietLog(Intake.class);

    /**
     * Makes one for both doors.
     *
     * @param acknowledgement how long a client waits for its events to be durable before it is told to try again
     * @param duplicateWindow how long a request is known again
     */
    public Intake(
            Mapping mapping,
            Batcher batcher,
            InstantSource clock,
            IngestMetrics metrics,
            Supplier<IngestProfile> profile,
            Duration acknowledgement,
            Duration duplicateWindow) {
        this.batcher = batcher;
        this.clock = clock;
        this.metrics = metrics;
        this.profile = profile;
        this.acknowledgement = acknowledgement;
        this.recent = new RecentRequests(duplicateWindow);
        int count = Math.max(2, Runtime.getRuntime().availableProcessors());
        for (int i = 0; i < count; i++) {
            decoders.add(new Decoder(mapping.newMapper(), new ProtobufReader(), new JsonReader()));
        }
    }

    /** The reader and mapper one request needs, lent out for its duration. */
    private record Decoder(RequestMapper mapper, ProtobufReader protobuf, JsonReader json) {}

    /** Is done with the body when it returns. Never throws or completes exceptionally, and completes not later than clients are made to wait. */
    CompletableFuture<Reply> accept(Signal signal, boolean json, String transport, Body body, Sender sender) {
        try {
            return admit(signal, json, transport, body, sender);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(defect(signal, e));
        }
    }

    /** A client drops what is answered with an unknown error, so a defect of ours asks for another try. */
    private Reply defect(Signal signal, RuntimeException cause) {
        quiet.warn("internal error", "a " + signal.label() + " request could not be processed", cause);
        return Reply.failed(Outcome.UNAVAILABLE, "internal error");
    }

    private CompletableFuture<Reply> admit(Signal signal, boolean json, String transport, Body body, Sender sender) {
        try {
            batcher.checkRoom();
        } catch (OverloadedException e) {
            return CompletableFuture.completedFuture(Reply.refused(e));
        }
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        BodyHash hash = BodyHash.of(signal.label() + json, body.bytes(), body.length());
        CompletableFuture<Reply> earlier = body.length() == 0 ? null : recent.claim(hash, reply, clock.millis());
        if (earlier != null) {
            metrics.duplicate(signal, transport);
            return inTime(earlier);
        }
        var unused = process(signal, json, transport, body, sender).thenAccept(result -> {
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

    private CompletableFuture<Reply> process(Signal signal, boolean json, String transport, Body body, Sender sender) {
        long receivedNanos = System.nanoTime();
        Decoder decoder;
        try {
            decoder = decoders.takeFirst();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.completedFuture(Reply.failed(Outcome.UNAVAILABLE, "the sidecar is closing"));
        }
        try {
            decoder.mapper().begin(signal, profile.get(), clock.millis());
            if (json) {
                decoder.json().read(signal, body.bytes(), body.length(), decoder.mapper());
            } else {
                decoder.protobuf().read(signal, body.bytes(), body.length(), decoder.mapper());
            }
            sender.sentEvents(decoder.mapper().tally().received());
            return append(signal, transport, decoder.mapper(), receivedNanos);
        } catch (MalformedRequestException e) {
            undo(decoder.mapper().stage().undo());
            return CompletableFuture.completedFuture(Reply.failed(Outcome.MALFORMED, String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            undo(decoder.mapper().stage().undo());
            return CompletableFuture.completedFuture(defect(signal, e));
        } finally {
            decoders.addFirst(decoder);
        }
    }

    private CompletableFuture<Reply> append(Signal signal, String transport, RequestMapper mapper, long receivedNanos) {
        EventStage stage = mapper.stage();
        Tally tally = mapper.tally();
        Reply success = Reply.ok(message(stage, tally), tally.reported());
        List<Runnable> undo = stage.undo();
        if (stage.size() == 0) {
            metrics.decoded(signal, transport, tally);
            return CompletableFuture.completedFuture(success);
        }
        try {
            CompletableFuture<Void> acknowledged = batcher.append(stage);
            metrics.decoded(signal, transport, tally);
            return acknowledged.handle((done, failure) -> settle(success, undo, receivedNanos, failure));
        } catch (OverloadedException e) {
            tally.refuse(Rejection.OVERLOADED);
            metrics.decoded(signal, transport, tally);
            undo(undo);
            return CompletableFuture.completedFuture(Reply.refused(e));
        }
    }

    private String message(EventStage stage, Tally tally) {
        if (tally.reported() > 0 || stage.size() == 0) {
            return tally.report();
        }
        return tally.shaped().isEmpty() ? "" : warnings.about(tally.shaped().keySet(), clock.millis());
    }

    private Reply settle(Reply success, List<Runnable> undo, long receivedNanos, @Nullable Throwable failure) {
        if (failure == null) {
            metrics.acknowledged(System.nanoTime() - receivedNanos);
            return success;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        undo(undo);
        return cause instanceof OverloadedException refusal
                ? Reply.refused(refusal)
                : Reply.failed(Outcome.UNAVAILABLE, "internal error");
    }

    private static void undo(List<Runnable> actions) {
        for (int i = actions.size() - 1; i >= 0; i--) {
            actions.get(i).run();
        }
    }
}
