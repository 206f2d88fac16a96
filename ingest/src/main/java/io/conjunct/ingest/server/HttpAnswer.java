// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import com.sun.net.httpserver.HttpExchange;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.otlp.Signal;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The answer to one HTTP request, in the encoding of the request, given exactly once. */
final class HttpAnswer {
    private final HttpExchange exchange;
    private final IngestMetrics metrics;
    private final Runnable finished;
    private final AtomicBoolean given = new AtomicBoolean();
    private volatile @Nullable Signal signal;
    private volatile @Nullable MediaType type;

    HttpAnswer(HttpExchange exchange, IngestMetrics metrics, Runnable finished) {
        this.exchange = exchange;
        this.metrics = metrics;
        this.finished = finished;
    }

    void of(Signal requested) {
        signal = requested;
    }

    void as(MediaType requested) {
        type = requested;
    }

    /** Sends the answer; failures are answered in JSON when the encoding of the request is unknown. */
    void send(Reply reply) {
        if (!given.compareAndSet(false, true)) {
            return;
        }
        Signal of = signal;
        MediaType as = type == null ? MediaType.JSON : type;
        metrics.answered(
                of == null ? "unknown" : of.label(),
                type == null ? "http" : as.transport(),
                reply.outcome().label());
        try {
            byte[] body = body(reply, of, as);
            exchange.getResponseHeaders().set("Content-Type", as.text());
            if (reply.outcome().isRetryable()) {
                exchange.getResponseHeaders().set("Retry-After", Integer.toString(reply.retrySeconds()));
            }
            // HttpServer's length -1 means no body; 0 would mean chunked.
            exchange.sendResponseHeaders(reply.outcome().httpStatus(), body.length == 0 ? -1 : body.length);
            if (body.length > 0 && !exchange.getRequestMethod().equals("HEAD")) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            }
        } catch (IOException e) {
            // The client went away; it will send again, and that is its right.
        } finally {
            exchange.close();
            finished.run();
        }
    }

    /** Closes without an answer, for a connection that is gone. */
    void abandon() {
        if (given.compareAndSet(false, true)) {
            Signal of = signal;
            MediaType as = type;
            metrics.answered(
                    of == null ? "unknown" : of.label(), as == null ? "http" : as.transport(), "connection_lost");
            exchange.close();
            finished.run();
        }
    }

    private static byte[] body(Reply reply, @Nullable Signal of, MediaType as) {
        if (reply.outcome() == Outcome.OK && of != null) {
            return as == MediaType.JSON ? reply.responseJson(of) : reply.responseProtobuf();
        }
        return as == MediaType.JSON ? reply.statusJson() : reply.status().toByteArray();
    }
}
