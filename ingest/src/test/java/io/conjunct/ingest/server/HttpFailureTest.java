// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.spool.FaultPoint;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.PooledByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A door that cannot read a connection any further says so, to the client and to whoever runs it. */
class HttpFailureTest {
    private static final String BEGUN =
            "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                    + "Content-Length: 100000\r\n\r\nbegin";

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final FailingBuffers buffers = new FailingBuffers();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private OtlpHttpServer server;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() {
        server = server();
    }

    /** No request here gets as far as the intake. */
    @SuppressWarnings("NullAway")
    private OtlpHttpServer server() {
        return new OtlpHttpServer(
                "127.0.0.1",
                0,
                new Bytes(1_000_000, 4_000_000),
                files(),
                null,
                new IngestMetrics(registry),
                loops,
                buffers,
                Runnable::run,
                Runnable::run,
                FaultPoint.NONE,
                new Access(Optional.empty(), () -> false),
                Optional.empty(),
                Duration.ofSeconds(2));
    }

    private LargeBodies files() {
        try {
            return new LargeBodies(directory, 1_000_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() {
        server.close();
        loops.shutdownGracefully();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "error"})
    void failureWithinABody_isAnsweredRetryably_andCounted(String reason) throws IOException {
        try (Socket socket = connect()) {
            begin(socket);
            buffers.failure.set(
                    reason.equals("memory") ? new OutOfMemoryError("no more") : new IllegalStateException());
            socket.getOutputStream().write(new byte[1_000]);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 503").containsIgnoringCase("retry-after: 1");
        }
        assertThat(closed(reason)).isEqualTo(1);
        assertThat(closed("")).isEqualTo(1);
    }

    @Test
    void fullBuffers_letTheClientWait_andCloseNothing() throws IOException {
        try (Socket socket = connect()) {
            begin(socket);
            buffers.failure.set(new ReadBuffers.FullException());
            socket.getOutputStream().write(new byte[1_000]);
            await().untilAsserted(
                            () -> assertThat(count("reading_pauses", "http")).isGreaterThan(3));
            assertThat(closed("")).isZero();
            buffers.failure.set(null);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).contains("the request did not arrive in time");
        }
        assertThat(closed("slow")).isEqualTo(1);
    }

    @Test
    void connectionThatBreaks_isNoFailure() throws IOException {
        Socket socket = connect();
        begin(socket);
        // A reset instead of an orderly end.
        socket.setSoLinger(true, 0);
        socket.close();
        await().untilAsserted(
                        () -> assertThat(count("requests", "connection_lost")).isEqualTo(1));
        assertThat(closed("")).isZero();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private void begin(Socket socket) throws IOException {
        int before = buffers.reads.get();
        socket.getOutputStream().write(BEGUN.getBytes(StandardCharsets.US_ASCII));
        await().until(() -> buffers.reads.get() > before && !server.isIdle());
    }

    private double closed(String reason) {
        return count("connections_closed", reason);
    }

    private double count(String name, String label) {
        return registry.scrape().stream()
                .filter(each -> each.getMetadata().getName().equals("conjunct_ingest_" + name))
                .flatMap(each -> ((CounterSnapshot) each).getDataPoints().stream())
                .filter(point -> point.getLabels().stream()
                        .anyMatch(each -> label.isEmpty() || each.getValue().equals(label)))
                .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                .sum();
    }

    /** Memory that is there until it is not. */
    private static final class FailingBuffers extends PooledByteBufAllocator {
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final AtomicInteger reads = new AtomicInteger();

        @Override
        public ByteBuf ioBuffer(int capacity) {
            Throwable now = failure.get();
            if (now instanceof Error error) {
                throw error;
            }
            if (now instanceof RuntimeException exception) {
                throw exception;
            }
            reads.incrementAndGet();
            return heapBuffer(capacity);
        }
    }
}
