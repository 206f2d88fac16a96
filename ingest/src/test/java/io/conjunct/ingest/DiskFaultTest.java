// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks of our own to fill and to pull the plug of (faults D1 and D5). Needs Linux and root; what these prove with a
 * real file system, {@code SpoolTest} proves with a fake one on every build.
 */
@Tag("soak")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DiskFaultTest {
    private static final int SPANS = 200;

    @TempDir
    private Path directory;

    private final List<Path> mounted = new ArrayList<>();
    private final AtomicInteger ids = new AtomicInteger(1_000_000);

    @BeforeEach
    void mayMount() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/mkfs.ext4")), "mkfs.ext4 is missing");
        assumeTrue(run("id", "-u").equals("0"), "mounting needs root");
    }

    @AfterEach
    void unmount() throws Exception {
        for (Path each : mounted) {
            run("umount", each.toString());
        }
    }

    @Test
    void fullDisk_refusesForNow_losesNothingItAcknowledged_andRecoversWithoutRestart() throws Exception {
        Path disk = mount("disk", "-t", "tmpfs", "-o", "size=8m", "tmpfs");
        try (Fixture fixture = new Fixture(on(disk))) {
            fixture.log.fail(true);
            int accepted = sendUntilRefused(fixture);
            assertThat(accepted).isPositive();
            // As long as Kafka is away and the disk is full it stays like this, and says so.
            assertThat(fixture.sidecar.notReady()).isPresent();
            assertThat(send(fixture, new ArrayList<>())).isEqualTo(503);
            fixture.log.fail(false);
            await().atMost(Duration.ofSeconds(60)).until(() -> send(fixture, new ArrayList<>()) == 200);
            int all = accepted + 1;
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(fixture.metric("spooled")).isZero();
                assertThat(durations(fixture)).hasSizeGreaterThanOrEqualTo(all * SPANS);
            });
            assertThat(durations(fixture)).doesNotHaveDuplicates();
        }
    }

    @Test
    void diskThatSomebodyElseFilled_refusesForNow_andTakesAgainWhenThereIsRoom() throws Exception {
        Path disk = mount("disk", "-t", "tmpfs", "-o", "size=8m", "tmpfs");
        Path squatter = disk.resolve("squatter");
        try (Fixture fixture = new Fixture(on(disk))) {
            assertThat(send(fixture, new ArrayList<>())).isEqualTo(200);
            fill(squatter);
            int status = 200;
            for (int i = 0; i < 500 && status == 200; i++) {
                status = send(fixture, new ArrayList<>());
            }
            assertThat(status).isEqualTo(503);
            Files.delete(squatter);
            await().atMost(Duration.ofSeconds(20)).until(() -> send(fixture, new ArrayList<>()) == 200);
        }
    }

    /** The image holds what had reached the disk at that moment; what was only in the page cache is gone. */
    @RepeatedTest(5)
    void powerLoss_keepsWhatWasAcknowledged() throws Exception {
        Path image = directory.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(32L << 20);
        }
        run("mkfs.ext4", "-q", "-F", image.toString());
        Path disk = mount("disk", "-o", "loop", image.toString());
        Path copy = directory.resolve("copy");
        Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
        try (Fixture fixture = new Fixture(on(disk))) {
            fixture.log.fail(true);
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread client = new Thread(() -> sendUntilItEnds(fixture, acknowledged));
                client.start();
                clients.add(client);
            }
            await().until(() -> acknowledged.size() > 5_000);
            // No sync is under way from here on, so the image does not change under the copy.
            fixture.disk.hold(true);
            await().until(fixture.disk::isHolding);
            Set<Long> safe = new HashSet<>(acknowledged);
            Files.copy(image, copy);
            fixture.disk.hold(false);
            clients.forEach(Thread::interrupt);
            for (Thread client : clients) {
                client.join();
            }
            Path rest = mount("rest", "-o", "loop", copy.toString());
            try (Fixture after = new Fixture(on(rest))) {
                await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                    assertThat(new HashSet<>(durations(after)).containsAll(safe))
                            .isTrue();
                });
                assertThat(durations(after)).doesNotHaveDuplicates();
                assertThat(after.metric("spool_damaged_records")).isZero();
            }
            fixture.log.fail(false);
        }
    }

    private static SidecarSettings on(Path disk) {
        return SidecarSettings.of("unused:9092", "sidecar-1", disk.resolve("spool"))
                .withAddress("127.0.0.1", 0, 0)
                .withTimes(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(2))
                .withDuplicateWindow(Duration.ZERO);
    }

    private int sendUntilRefused(Fixture fixture) {
        int accepted = 0;
        while (send(fixture, new ArrayList<>()) == 200) {
            accepted++;
        }
        return accepted;
    }

    private void sendUntilItEnds(Fixture fixture, Set<Long> acknowledged) {
        while (!Thread.currentThread().isInterrupted()) {
            List<Long> sent = new ArrayList<>();
            try {
                if (send(fixture, sent) == 200) {
                    acknowledged.addAll(sent);
                }
            } catch (AssertionError e) {
                // Interrupted while it waited.
                return;
            }
        }
    }

    /** An event is known by its duration. */
    private int send(Fixture fixture, List<Long> sent) {
        Span.Builder[] spans = new Span.Builder[SPANS];
        for (int i = 0; i < SPANS; i++) {
            long id = ids.incrementAndGet();
            sent.add(id);
            spans[i] = Otlp.span().setStartTimeUnixNano(Otlp.nanos(-100) - id);
        }
        HttpResponse<byte[]> response =
                fixture.postProtobuf("/v1/traces", Otlp.traces(spans).toByteArray());
        return response.statusCode();
    }

    private static List<Long> durations(Fixture fixture) {
        List<Long> durations = new ArrayList<>();
        fixture.log.rows().forEach(rows -> {
            for (long duration : (long[]) rows.columns()[0]) {
                durations.add(duration);
            }
        });
        return durations;
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[4_096];
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("space");
        }
    }

    private Path mount(String name, String... options) throws Exception {
        Path at = Files.createDirectory(directory.resolve(name));
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(options));
        command.add(at.toString());
        run(command.toArray(String[]::new));
        mounted.add(0, at);
        return at;
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
