// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.batch.OverloadedException;
import io.conjunct.ingest.mapping.RequestMapper;
import io.conjunct.ingest.metrics.Tally;
import io.conjunct.ingest.otlp.JsonReader;
import io.conjunct.ingest.otlp.ProtobufReader;
import io.conjunct.ingest.otlp.Rehearsal;
import io.conjunct.ingest.pieces.JsonPieces;
import io.conjunct.ingest.pieces.Piece;
import io.conjunct.ingest.pieces.ProtobufPieces;
import io.conjunct.ingest.pieces.TooLongException;
import io.conjunct.ingest.server.Bytes.Body;
import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Decoding.Handed;
import io.conjunct.ingest.server.Decoding.Task;
import io.conjunct.ingest.server.LargeBodies.LargeBody;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Reads bodies that lie in files: first all of a body, keeping nothing, so that one which is malformed
 * leaves nothing behind; then piece by piece, each into the spool. Where that is not possible to the end, what was kept is
 * remembered, and the same body goes on there when it comes again: each of its records counts once. {@value #UNFINISHED}
 * bodies are remembered. For one thread at a time.
 */
final class LargeRequests {
    private static final int PIECE = 512 * 1024;
    private static final int UNDER_WAY = 2;
    private static final int UNFINISHED = 16;

    private final Decoding decoding;
    private final Bytes bytes;
    private final Supplier<RequestMapper> mappers;
    private final Map<BodyHash, Progress> unfinished = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<BodyHash, Progress> eldest) {
            return size() > UNFINISHED;
        }
    };

    /** @param mappers makes one whose names are asked for */
    LargeRequests(Decoding decoding, Bytes bytes, Supplier<RequestMapper> mappers) {
        this.decoding = decoding;
        this.bytes = bytes;
        this.mappers = mappers;
    }

    /** The pieces of a body that are durable, and what happened to their records. */
    private record Progress(BitSet durable, Tally tally) {}

    /** A piece on its way. */
    private record Sent(int number, Handed handed) {}

    /** How a body ended: what happened to all its records. Those of a body that was sent before are among them. */
    Tally read(Task task, BodyHash hash, LargeBody body, Sender sender)
            throws IOException, TooLongException, NoRoomException, OverloadedException, InterruptedException,
                    ExecutionException {
        List<Piece> pieces = task.json() ? JsonPieces.of(body, task.signal(), PIECE) : ProtobufPieces.of(body, PIECE);
        Body room = bytes.begin(sender);
        try {
            rehearse(task, body, pieces, room);
            Progress progress = unfinished.remove(hash);
            Progress now = progress == null ? new Progress(new BitSet(), new Tally()) : progress;
            boolean done = false;
            try {
                send(task, body, pieces, room, sender, now);
                done = true;
            } finally {
                if (!done && !now.durable().isEmpty()) {
                    unfinished.put(hash, now);
                }
            }
            return now.tally();
        } finally {
            room.release();
        }
    }

    private void rehearse(Task task, LargeBody body, List<Piece> pieces, Body room)
            throws IOException, NoRoomException, TooLongException {
        RequestMapper names = mappers.get();
        names.begin(task.signal(), task.profile(), task.receivedMillis());
        Rehearsal rehearsal = new Rehearsal(names);
        ProtobufReader protobuf = new ProtobufReader();
        JsonReader json = new JsonReader();
        for (Piece piece : pieces) {
            byte[] loaded = load(piece, body, room);
            if (task.json()) {
                json.read(task.signal(), loaded, (int) piece.length(), rehearsal);
            } else {
                protobuf.read(task.signal(), loaded, (int) piece.length(), rehearsal);
            }
        }
    }

    private byte[] load(Piece piece, LargeBody body, Body room) throws IOException, NoRoomException, TooLongException {
        if (piece.length() > bytes.longest()) {
            throw new TooLongException(
                    "one record of it, with its resource and scope, is longer than " + bytes.longest() + " bytes");
        }
        if (piece.length() > room.bytes().length) {
            room.expect(piece.length());
        }
        piece.read(body, room.bytes());
        return room.bytes();
    }

    private void send(Task task, LargeBody body, List<Piece> pieces, Body room, Sender sender, Progress progress)
            throws IOException, TooLongException, NoRoomException, OverloadedException, InterruptedException,
                    ExecutionException {
        ArrayDeque<Sent> underWay = new ArrayDeque<>();
        try {
            for (int i = progress.durable().nextClearBit(0);
                    i < pieces.size();
                    i = progress.durable().nextClearBit(i + 1)) {
                Piece piece = pieces.get(i);
                byte[] loaded = load(piece, body, room);
                underWay.add(new Sent(i, decoding.hand(task, loaded, (int) piece.length(), sender)));
                if (underWay.size() > UNDER_WAY) {
                    settle(underWay.remove(), progress);
                }
            }
        } finally {
            settle(underWay, progress);
        }
    }

    private static void settle(ArrayDeque<Sent> underWay, Progress progress)
            throws ExecutionException, InterruptedException {
        ExecutionException failure = null;
        while (!underWay.isEmpty()) {
            try {
                settle(underWay.remove(), progress);
            } catch (ExecutionException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void settle(Sent sent, Progress progress) throws ExecutionException, InterruptedException {
        try {
            sent.handed().durable().get();
            progress.durable().set(sent.number());
            progress.tally().add(sent.handed().tally());
        } catch (ExecutionException e) {
            sent.handed().undo();
            throw e;
        }
    }
}
