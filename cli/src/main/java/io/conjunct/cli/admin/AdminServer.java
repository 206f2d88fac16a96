// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.conjunct.ingest.SidecarStatus;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port, on the JDK's own server.
 *
 * <table>
 *   <caption>Paths</caption>
 *   <tr><td>{@code /}</td><td>pages and rules, what is to know of the telemetry that comes in, and which parts run</td></tr>
 *   <tr><td>{@code /status}</td><td>what is to know of the telemetry that comes in, as JSON</td></tr>
 *   <tr><td>{@code /metrics}</td><td>Prometheus or OpenMetrics text, by the Accept header</td></tr>
 *   <tr><td>{@code /healthz}, {@code /-/healthy}</td><td>200 while the process lives</td></tr>
 *   <tr><td>{@code /readyz}, {@code /-/ready}</td><td>200 or 503, JSON with the reason per component</td></tr>
 * </table>
 *
 * <p>At most 4 requests at once and 32 waiting; further ones wait in the accept queue or are dropped. No authentication:
 * bind it to an address that only those reach who may see it.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final int THREADS = 4;
    private static final int WAITING = 32;
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final PrometheusRegistry registry;
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Supplier<List<ComponentState>> states;
    private final String version;
    private volatile Optional<Supplier<SidecarStatus>> intake = Optional.empty();
    private final List<StatusPage.Link> links = new CopyOnWriteArrayList<>();
    private volatile @Nullable PagesSection pages;

    private AdminServer(
            HttpServer server,
            ThreadPoolExecutor threads,
            PrometheusRegistry registry,
            Supplier<List<ComponentState>> states,
            String version) {
        this.server = server;
        this.threads = threads;
        this.registry = registry;
        this.states = states;
        this.version = version;
    }

    /**
     * Listens from now on.
     *
     * @param port 0 for a free one
     * @param states asked at every request, must be quick
     * @throws IOException when it cannot listen there
     */
    public static AdminServer start(
            String bind, int port, PrometheusRegistry registry, Supplier<List<ComponentState>> states, String version)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address(bind), port), WAITING);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), AdminServer::thread);
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        AdminServer admin = new AdminServer(server, threads, registry, states, version);
        admin.handle("/", admin::page);
        admin.handle("/metrics", admin::metrics);
        admin.handle("/healthz", exchange -> answer(exchange, 200, TEXT, "ok\n"));
        admin.handle("/-/healthy", exchange -> answer(exchange, 200, TEXT, "ok\n"));
        admin.handle("/readyz", admin::readiness);
        admin.handle("/-/ready", admin::readiness);
        admin.link("/metrics", "Metrics", "for Prometheus");
        admin.link("/readyz", "Readiness", "per component, with the reason");
        admin.link("/healthz", "Health", "whether the process lives");
        server.start();
        return admin;
    }

    /**
     * Serves GET and HEAD of exactly this path.
     *
     * @param handler answers and closes the exchange
     */
    public void handle(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                if (!exchange.getRequestURI().getPath().equals(path)) {
                    answer(exchange, 404, TEXT, "not found\n");
                } else if (!isRead(exchange)) {
                    exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                    answer(exchange, 405, TEXT, "only GET and HEAD\n");
                } else {
                    handler.handle(exchange);
                }
            } catch (RuntimeException e) {
                LOG.error("GET {} failed", path, e);
                answer(exchange, 500, TEXT, "internal error; the log has it\n");
            }
        });
    }

    /** Serves every method of exactly this path; the handler decides, answers and closes the exchange. */
    public void accept(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                if (exchange.getRequestURI().getPath().equals(path)) {
                    handler.handle(exchange);
                } else {
                    answer(exchange, 404, TEXT, "not found\n");
                }
            } catch (RuntimeException e) {
                LOG.error("{} failed", path, e);
                answer(exchange, 500, TEXT, "internal error; the log has it\n");
            }
        });
    }

    /** Shows what comes in on the status page and, as JSON, at {@code /status}. */
    public void intake(Supplier<SidecarStatus> sidecar) {
        intake = Optional.of(sidecar);
        handle(
                "/status",
                exchange -> answer(
                        exchange,
                        200,
                        "application/json",
                        JsonText.of(json -> IntakeSection.write(json, sidecar.get()))));
        link("/status", "Telemetry", "what was folded or left out per service, as JSON");
    }

    /** Shows a link on the status page. */
    public void link(String path, String title, String description) {
        links.add(new StatusPage.Link(path, title, description));
    }

    /** Shows pages and rules on the page at {@code /}. */
    public void show(PagesSection section) {
        pages = section;
    }

    /** Such as {@code http://127.0.0.1:8080/}; for a server on every interface, the address of this machine. */
    public String url() {
        InetSocketAddress bound = server.getAddress();
        String host = bound.getAddress().isAnyLocalAddress()
                ? "localhost"
                : bound.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort() + "/";
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void page(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String by = query != null && query.startsWith("by=") ? query.substring("by=".length()) : "";
        String html = StatusPage.render(
                states.get(), intake.map(Supplier::get), List.copyOf(links), version, Optional.ofNullable(pages), by);
        // Nothing from elsewhere, nothing that runs.
        exchange.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none';"
                                + " frame-ancestors 'none'");
        answer(exchange, 200, "text/html; charset=utf-8", html);
    }

    private void readiness(HttpExchange exchange) throws IOException {
        List<ComponentState> now = states.get();
        boolean ready = now.stream().allMatch(ComponentState::ready);
        String body = JsonText.of(json -> {
            json.writeStartObject();
            json.writeBooleanField("ready", ready);
            json.writeObjectFieldStart("components");
            for (ComponentState each : now) {
                json.writeObjectFieldStart(each.name());
                write(json, each);
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        });
        answer(exchange, ready ? 200 : 503, "application/json", body);
    }

    private static void write(JsonGenerator json, ComponentState state) throws IOException {
        json.writeBooleanField("ready", state.ready());
        if (state.notReady().isPresent()) {
            json.writeStringField("reason", state.notReady().get());
        }
        if (state.concern()) {
            json.writeBooleanField("concern", true);
        }
        if (!state.detail().isEmpty()) {
            json.writeStringField("detail", state.detail());
        }
    }

    private void metrics(HttpExchange exchange) throws IOException {
        Headers request = exchange.getRequestHeaders();
        ExpositionFormatWriter writer = formats.findWriter(request.getFirst("Accept"));
        Headers response = exchange.getResponseHeaders();
        response.set("Content-Type", writer.getContentType());
        boolean gzip = acceptsGzip(request);
        ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 16);
        if (gzip) {
            response.set("Content-Encoding", "gzip");
            try (OutputStream packed = new GZIPOutputStream(body)) {
                writer.write(packed, registry.scrape());
            }
        } else {
            writer.write(body, registry.scrape());
        }
        send(exchange, 200, body.toByteArray());
    }

    private static boolean acceptsGzip(Headers request) {
        String encodings = request.getFirst("Accept-Encoding");
        return encodings != null && encodings.contains("gzip");
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static boolean isRead(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("GET")
                || exchange.getRequestMethod().equals("HEAD");
    }

    private static InetAddress address(String bind) throws IOException {
        try {
            return InetAddress.getByName(bind);
        } catch (UnknownHostException e) {
            throw new IOException("no such address: " + bind, e);
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "admin");
        thread.setDaemon(true);
        return thread;
    }
}
