// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.ingest.spool.FaultPoint.Moment;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault P1: a sidecar under load is killed again and again, at random and at every moment of a batch's life, while the
 * topic comes and goes. What was acknowledged is delivered and counted once; what was not is counted at most once.
 */
class CrashTest {
    private static final int CLIENTS = 3;
    private static final int SPANS = 5;

    @TempDir
    private Path spool;

    private final AtomicLong ids = new AtomicLong(1_000_000);
    private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void acknowledgedEvents_surviveAKillAtEveryMoment_andAtRandom_andCountOnce() throws Exception {
        run(2 * Moment.values().length, 20261120);
    }

    @Test
    @Tag("soak")
    void acknowledgedEvents_surviveTwoHundredKills_andCountOnce() throws Exception {
        run(200, Long.getLong("conjunct.seed", System.nanoTime()));
    }

    private void run(int kills, long seed) throws Exception {
        Random random = new Random(seed);
        try (SurvivingTopic topic = new SurvivingTopic()) {
            for (int kill = 0; kill < kills; kill++) {
                topic.away(random.nextInt(4) == 0);
                Moment[] moments = Moment.values();
                boolean atMoment = kill % 2 == 0;
                String moment = atMoment ? moments[kill / 2 % moments.length].name() : "NEVER";
                Process process = start(topic, moment, 1 + random.nextInt(20));
                List<Thread> clients = load(port(process));
                // A moment that does not come (nothing is produced while the topic is away) ends by a kill as well.
                process.waitFor(atMoment ? 3_000 : 50 + random.nextInt(250), TimeUnit.MILLISECONDS);
                process.destroyForcibly().waitFor();
                for (Thread client : clients) {
                    client.join();
                }
            }
            topic.away(false);
            Process last = start(topic, "NEVER", 0);
            port(last);
            Set<Long> expected = ConcurrentHashMap.newKeySet();
            expected.addAll(acknowledged);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(topic.counts().keySet().containsAll(expected))
                            .as("acknowledged events are delivered, seed " + seed)
                            .isTrue());
            last.getOutputStream().close();
            assertThat(last.waitFor()).isZero();
            Map<Long, Integer> counts = topic.counts();
            assertThat(counts.values()).as("counted once, seed " + seed).containsOnly(1);
            assertThat(acknowledged).hasSizeGreaterThan(kills * SPANS);
            System.out.printf(
                    "%d kills, seed %d: %d events acknowledged, %d delivered, %d batches came twice%n",
                    kills, seed, acknowledged.size(), counts.size(), topic.duplicates());
        }
    }

    private Process start(SurvivingTopic topic, String moment, int count) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CrashingSidecar.class.getName(),
                        spool.toString(),
                        Integer.toString(topic.port()),
                        moment,
                        Integer.toString(count))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int port(Process process) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        // A process that was to halt early may do so while it drains, before it has a port.
        return line == null ? 0 : Integer.parseInt(line);
    }

    private List<Thread> load(int port) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; port > 0 && i < CLIENTS; i++) {
            Thread client = new Thread(() -> sendUntilItBreaks(port));
            client.start();
            clients.add(client);
        }
        return clients;
    }

    private void sendUntilItBreaks(int port) {
        URI uri = URI.create("http://127.0.0.1:" + port + "/v1/traces");
        try {
            while (true) {
                List<Long> sent = new ArrayList<>();
                HttpRequest request = HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/x-protobuf")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request(sent)))
                        .build();
                int status = http.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status == 200) {
                    acknowledged.addAll(sent);
                }
            }
        } catch (IOException e) {
            // Killed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] request(List<Long> sent) {
        Span.Builder[] spans = new Span.Builder[SPANS];
        long end = System.currentTimeMillis() * 1_000_000;
        for (int i = 0; i < SPANS; i++) {
            long id = ids.incrementAndGet();
            sent.add(id);
            spans[i] = Otlp.span().setStartTimeUnixNano(end - id).setEndTimeUnixNano(end);
        }
        return Otlp.traces(spans).toByteArray();
    }
}
