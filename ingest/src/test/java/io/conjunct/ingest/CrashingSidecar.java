// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import io.conjunct.ingest.batch.BatchLog;
import io.conjunct.ingest.spool.FaultPoint;
import io.conjunct.ingest.spool.SpoolSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar in a process of its own, to be killed: arguments are the spool's directory, the port of a
 * {@link SurvivingTopic}, and the moment and its count at which the process is to halt by itself ({@code NEVER 0} for
 * not). Prints its HTTP port; closes when its standard input ends.
 */
final class CrashingSidecar {
    private CrashingSidecar() {}

    public static void main(String[] args) throws IOException {
        SidecarSettings settings = SidecarSettings.of("unused:9092", "sidecar-1", Path.of(args[0]))
                .withAddress("127.0.0.1", 0, 0)
                .withTimes(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(2))
                .withSpool(SpoolSettings.in(Path.of(args[0])).withQuota(16 * 64 * 1024, Duration.ofDays(1)));
        AtomicInteger hits = new AtomicInteger();
        int count = Integer.parseInt(args[3]);
        FaultPoint faults = moment -> {
            if (moment.name().equals(args[2]) && hits.incrementAndGet() == count) {
                Runtime.getRuntime().halt(137);
            }
        };
        BatchLog log = new SocketLog(Integer.parseInt(args[1]));
        try (Sidecar sidecar = Sidecar.start(settings, new PrometheusRegistry(), log, Instant::now, faults)) {
            System.out.println(sidecar.httpPort());
            System.in.read();
        }
    }

    /** Sends batches over a connection and takes one byte for each as its acknowledgement. */
    private static final class SocketLog implements BatchLog {
        private final int port;
        private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
        private @Nullable Socket socket;

        SocketLog(int port) {
            this.port = port;
        }

        @Override
        public synchronized CompletionStage<Void> append(byte[] batch) {
            CompletableFuture<Void> acknowledged = new CompletableFuture<>();
            try {
                Socket connected = socket;
                if (connected == null) {
                    connected = new Socket(InetAddress.getLoopbackAddress(), port);
                    socket = connected;
                    Thread reader = new Thread(this::readAcknowledgements);
                    reader.setDaemon(true);
                    reader.start();
                }
                waiting.addLast(acknowledged);
                DataOutputStream out = new DataOutputStream(connected.getOutputStream());
                out.writeInt(batch.length);
                out.write(batch);
                out.flush();
            } catch (IOException e) {
                lost(e);
                acknowledged.completeExceptionally(e);
            }
            return acknowledged;
        }

        private void readAcknowledgements() {
            try {
                InputStream in;
                synchronized (this) {
                    Socket connected = socket;
                    if (connected == null) {
                        return;
                    }
                    in = connected.getInputStream();
                }
                while (in.read() >= 0) {
                    CompletableFuture<Void> next;
                    synchronized (this) {
                        next = waiting.removeFirst();
                    }
                    next.complete(null);
                }
                lost(new IOException("end of stream"));
            } catch (IOException e) {
                lost(e);
            }
        }

        private void lost(IOException cause) {
            Deque<CompletableFuture<Void>> failed;
            synchronized (this) {
                close();
                failed = new ArrayDeque<>(waiting);
                waiting.clear();
            }
            failed.forEach(each -> each.completeExceptionally(cause));
        }

        @Override
        public synchronized void close() {
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException e) {
                // It is gone either way.
            }
            socket = null;
        }
    }
}
