// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.spool.FaultPoint;
import io.conjunct.ingest.spool.FaultPoint.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * OTLP/HTTP on the JDK's server: the same three paths for protobuf and JSON. A worker thread reads and decodes a request;
 * nobody waits for the disk, the answer is written when its events are durable.
 */
public final class OtlpHttpServer implements AutoCloseable {
    private static final int BACKLOG = 256;

    static {
        // Read once, when the server's classes are loaded. Without the first, each answer waits 40 ms (Nagle).
        setUnlessSet("sun.net.httpserver.nodelay", "true");
        setUnlessSet("sun.net.httpserver.maxReqTime", "30");
        setUnlessSet("sun.net.httpserver.maxReqHeaders", "100");
        setUnlessSet("sun.net.httpserver.maxReqHeaderSize", "65536");
        setUnlessSet("jdk.httpserver.maxConnections", "1024");
    }

    private final Intake intake;
    private final IngestMetrics metrics;
    private final Executor responses;
    private final FaultPoint faults;
    private final Access access;
    private final HttpBody bodies;
    private final HttpServer server;
    private final AtomicInteger underWay = new AtomicInteger();
    private final QuietLog quiet = new QuietLog(OtlpHttpServer.class);
    private volatile boolean draining;

    /**
     * @param requests reads and decodes; bounded, a slow client holds one of its threads
     * @param responses runs what follows the sync of the spool
     */
    public OtlpHttpServer(
            String host,
            int port,
            long maxBodyBytes,
            long heldBytes,
            Intake intake,
            IngestMetrics metrics,
            Executor requests,
            Executor responses,
            FaultPoint faults,
            Access access,
            Optional<PemFiles> tls) {
        this.intake = intake;
        this.metrics = metrics;
        this.responses = responses;
        this.faults = faults;
        this.access = access;
        this.bodies = new HttpBody(new Bytes(maxBodyBytes, heldBytes));
        try {
            server = create(new InetSocketAddress(host, port), tls);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "port " + port + " on " + host
                            + " cannot be opened for OTLP/HTTP; stop what listens there or choose"
                            + " another with --otlp-http-port",
                    e);
        }
        server.setExecutor(requests);
        server.createContext("/", this::handle);
        server.start();
    }

    private static HttpServer create(InetSocketAddress address, Optional<PemFiles> tls) throws IOException {
        if (tls.isEmpty()) {
            return HttpServer.create(address, BACKLOG);
        }
        boolean clientsShowThemselves = tls.get().clientAuthorities().isPresent();
        SSLContext context;
        try {
            context = tls.get().context();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the TLS files cannot be used: " + e.getMessage(), e);
        }
        HttpsServer server = HttpsServer.create(address, BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ours = context.getDefaultSSLParameters();
                ours.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
                ours.setNeedClientAuth(clientsShowThemselves);
                parameters.setSSLParameters(ours);
            }
        });
        return server;
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Refuses new requests with a retryable answer; those under way go on. */
    public void drain() {
        draining = true;
    }

    /** Whether no request is under way. */
    public boolean isIdle() {
        return underWay.get() == 0;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) {
        underWay.incrementAndGet();
        HttpAnswer answer = new HttpAnswer(exchange, metrics, this::finished);
        try {
            receive(exchange, answer);
        } catch (IOException e) {
            // The connection broke while the body was read: nobody is left to answer.
            answer.abandon();
        } catch (RuntimeException e) {
            quiet.warn("internal error", "an HTTP request could not be processed", e);
            answer.send(Reply.failed(Outcome.UNAVAILABLE, "internal error"));
        }
    }

    private void finished() {
        underWay.decrementAndGet();
    }

    private void receive(HttpExchange exchange, HttpAnswer answer) throws IOException {
        Signal signal = signal(exchange.getRequestURI().getPath());
        if (signal == null) {
            answer.send(Reply.failed(Outcome.UNKNOWN_PATH, "POST to /v1/traces, /v1/logs or /v1/metrics"));
            return;
        }
        answer.of(signal);
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            answer.send(Reply.failed(Outcome.WRONG_METHOD, "only POST is understood here"));
            return;
        }
        MediaType type = MediaType.of(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (type == null) {
            answer.send(Reply.failed(
                    Outcome.WRONG_MEDIA_TYPE, "Content-Type has to be application/x-protobuf or application/json"));
            return;
        }
        answer.as(type);
        if (draining) {
            answer.send(Reply.failed(Outcome.UNAVAILABLE, "the sidecar is closing"));
            return;
        }
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        Optional<Reply> stranger = access.refusal(authorization, 0);
        if (stranger.isPresent()) {
            answer.send(stranger.get());
            return;
        }
        HttpBody.Result result = bodies.read(exchange);
        byte[] body = result.body();
        if (body == null) {
            answer.send(Reply.failed(result.outcome(), result.problem()));
            return;
        }
        access.spend(authorization, body.length);
        try {
            faults.pass(Moment.BEFORE_DECODED);
            CompletableFuture<Reply> accepted = intake.accept(signal, type == MediaType.JSON, type.transport(), body);
            faults.pass(Moment.AFTER_DECODED);
            var unused = accepted.thenAcceptAsync(reply -> acknowledge(answer, reply), responses);
        } finally {
            bodies.release(body);
        }
    }

    private void acknowledge(HttpAnswer answer, Reply reply) {
        faults.pass(Moment.BEFORE_OTLP_ACKED);
        answer.send(reply);
        faults.pass(Moment.AFTER_OTLP_ACKED);
    }

    private static @Nullable Signal signal(String path) {
        for (Signal signal : Signal.values()) {
            if (signal.httpPath().equals(path)) {
                return signal;
            }
        }
        return null;
    }
}
