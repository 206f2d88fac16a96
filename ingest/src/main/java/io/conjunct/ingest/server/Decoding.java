// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.batch.Batcher;
import io.conjunct.ingest.batch.OverloadedException;
import io.conjunct.ingest.mapping.Mapping;
import io.conjunct.ingest.mapping.RequestMapper;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.Rejection;
import io.conjunct.ingest.metrics.Tally;
import io.conjunct.ingest.otlp.JsonReader;
import io.conjunct.ingest.otlp.MalformedRequestException;
import io.conjunct.ingest.otlp.ProtobufReader;
import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.profile.IngestProfile;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * Makes events of a body and hands them over, all of them or none. Works on as many bodies at a time as there are
 * processors, at least two. Thread-safe.
 */
final class Decoding {
    private final Batcher batcher;
    private final IngestMetrics metrics;
    private final BlockingDeque<Decoder> decoders = new LinkedBlockingDeque<>();

    Decoding(Mapping mapping, Batcher batcher, IngestMetrics metrics) {
        this.batcher = batcher;
        this.metrics = metrics;
        int count = Math.max(2, Runtime.getRuntime().availableProcessors());
        for (int i = 0; i < count; i++) {
            decoders.add(new Decoder(mapping.newMapper(), new ProtobufReader(), new JsonReader()));
        }
    }

    /** The reader and mapper one body needs, lent out for its duration. */
    private record Decoder(RequestMapper mapper, ProtobufReader protobuf, JsonReader json) {}

    /** How a body is to be understood. */
    record Task(Signal signal, boolean json, String transport, IngestProfile profile, long receivedMillis) {}

    /**
     * Events that are on their way to the disk.
     *
     * @param tally what happened to the records
     * @param events how many there are
     * @param durable completes when all of them are durable
     */
    record Handed(Tally tally, int events, CompletableFuture<Void> durable, List<Runnable> whenLost) {
        /** Takes back what was remembered of them: they are not going to be durable. */
        void undo() {
            Decoding.undo(whenLost);
        }
    }

    /**
     * Is done with the body when it returns.
     *
     * @throws MalformedRequestException when it cannot be read to its end; nothing of it is kept
     * @throws OverloadedException when there is no room for its events; nothing of it is kept
     */
    Handed hand(Task task, byte[] body, int length, Sender sender)
            throws MalformedRequestException, OverloadedException, InterruptedException {
        Decoder decoder = decoders.takeFirst();
        RequestMapper mapper = decoder.mapper();
        boolean done = false;
        try {
            mapper.begin(task.signal(), task.profile(), task.receivedMillis());
            if (task.json()) {
                decoder.json().read(task.signal(), body, length, mapper);
            } else {
                decoder.protobuf().read(task.signal(), body, length, mapper);
            }
            sender.sentEvents(mapper.tally().received());
            Handed handed = append(task, mapper);
            done = true;
            return handed;
        } finally {
            if (!done) {
                undo(mapper.stage().undo());
            }
            decoders.addFirst(decoder);
        }
    }

    private Handed append(Task task, RequestMapper mapper) throws OverloadedException {
        Tally tally = mapper.tally();
        int events = mapper.stage().size();
        CompletableFuture<Void> durable;
        try {
            durable = events == 0 ? CompletableFuture.completedFuture(null) : batcher.append(mapper.stage());
        } catch (OverloadedException e) {
            tally.refuse(Rejection.OVERLOADED);
            metrics.decoded(task.signal(), task.transport(), tally);
            throw e;
        }
        metrics.decoded(task.signal(), task.transport(), tally);
        Tally kept = new Tally();
        kept.add(tally);
        return new Handed(kept, events, durable, mapper.stage().undo());
    }

    private static void undo(List<Runnable> actions) {
        for (int i = actions.size() - 1; i >= 0; i--) {
            actions.get(i).run();
        }
    }
}
