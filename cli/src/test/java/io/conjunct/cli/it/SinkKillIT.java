// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.alert.Alert;
import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.sink.FragileSink.Point;
import io.conjunct.sink.fakes.Exchange;
import io.conjunct.sink.fakes.FakePagerDuty.Status;
import io.conjunct.sink.fakes.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults P3, P6 and N9 with real processes: the sink is killed, or stopped and woken as a zombie. */
final class SinkKillIT {
    /** Points at which the receiver has answered and the journal does not say so. */
    private static final Set<String> ANSWERED = Set.of("http_202-after", "journal_done-before");

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int WORLDS = 5;
    private static final int KILLS_PER_WORLD = 44;

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("kafka"));
    }

    @AfterAll
    static void stopBroker() throws Exception {
        broker.close();
    }

    private static SinkWorld world(String name) throws Exception {
        return new SinkWorld(broker.bootstrap(), name + ".", directory.resolve(name));
    }

    /** Every point at which a sink can end by itself. */
    private static List<String> points() {
        List<String> points = new ArrayList<>();
        for (Point point : Point.values()) {
            if (point != Point.HTTP_202) {
                points.add(point.before());
            }
            if (point != Point.HTTP_SENT) {
                points.add(point.after());
            }
        }
        return points;
    }

    @Test
    void sink_killedAtEveryPoint_losesDoublesAndLeavesOpenNothing() throws Exception {
        try (SinkWorld world = world("points")) {
            for (String point : points()) {
                world.fire();
                world.resolveOldest();
                world.runUntilKilled(point + ":1");
                world.forgetTheDead();
            }
            // Between the request and its answer.
            killWhileTheAnswerIsAwaited(world);
            world.forgetTheDead();
            world.start("never:0", "halt");
            world.awaitAllTold();
            world.assertTrusted();
            assertThat(world.kills).isEqualTo(11);
        }
    }

    private static void killWhileTheAnswerIsAwaited(SinkWorld world) throws Exception {
        int before = world.pagerDuty.journal().size();
        world.pagerDuty.script(new Fault.Silent(), 1);
        Process process = world.start("never:0", "halt");
        world.fire();
        await().atMost(PATIENCE)
                .until(() ->
                        world.pagerDuty.journal().stream().skip(before).anyMatch(exchange -> exchange.status() == 0));
        world.kill(process);
        world.pagerDuty.release();
    }

    /** A process that slept through its takeover must not repeat what another has ended meanwhile. */
    private static void zombie(SinkWorld world, String point) throws Exception {
        Alert alert = world.fire();
        Process sleeper = world.start(point + ":1", "stop");
        awaitState(sleeper, "T");
        // Asleep between the answer and its entry is as good as killed there: the other one tells again.
        world.kills += ANSWERED.contains(point) ? 1 : 0;
        Process other = world.start("never:0", "halt");
        await().atMost(PATIENCE).until(() -> stands(world, alert, Status.TRIGGERED));
        world.resolve(alert);
        await().atMost(PATIENCE).until(() -> stands(world, alert, Status.RESOLVED));

        signal(sleeper, "CONT");
        await().atMost(PATIENCE).until(() -> world.members().size() == 2);
        world.fire();
        world.awaitAllTold();
        world.assertTrusted();
        for (Process process : List.of(sleeper, other)) {
            process.destroyForcibly().waitFor();
        }
    }

    private static boolean stands(SinkWorld world, Alert alert, Status status) {
        return world.pagerDuty.incidents().stream()
                .anyMatch(incident -> incident.dedupKey().equals(alert.episode()) && incident.status() == status);
    }

    private static void awaitState(Process process, String state) {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        await().atMost(PATIENCE).until(() -> {
            String line = Files.readString(stat);
            return line.substring(line.lastIndexOf(')') + 2).startsWith(state);
        });
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void sink_stoppedBeforeItsRequest_andWokenAfterTheResolve_sendsNothing() throws Exception {
        try (SinkWorld world = world("zombie")) {
            zombie(world, Point.HTTP_SENT.before());
            assertThat(world.pagerDuty.journal().stream().filter(SinkKillIT::isTrigger))
                    .as("triggers of both episodes")
                    .hasSize(2);
        }
    }

    private static boolean isTrigger(Exchange exchange) {
        return exchange.body().contains("\"event_action\":\"trigger\"");
    }

    @Tag("soak")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "read-after",
                "journal_intent-before",
                "http_202-after",
                "journal_done-before",
                "offset_committed-before"
            })
    void sink_stoppedAnywhere_isNoZombie(String point) throws Exception {
        try (SinkWorld world = world("zombie-" + point)) {
            zombie(world, point);
        }
    }

    @Tag("soak")
    @Test
    void sink_killed200Times_withReceiversThatFail_isTrustedStill() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WORLDS);
        List<Future<Integer>> worlds = new ArrayList<>();
        for (int i = 0; i < WORLDS; i++) {
            int seed = i;
            worlds.add(threads.submit(() -> killAtRandom(seed)));
        }
        threads.shutdown();
        int kills = 0;
        for (Future<Integer> world : worlds) {
            kills += world.get(60, TimeUnit.MINUTES);
        }
        assertThat(kills).isGreaterThanOrEqualTo(200);
    }

    private static int killAtRandom(int seed) throws Exception {
        Random random = new Random(seed);
        List<String> points = points();
        try (SinkWorld world = world("seed" + seed)) {
            for (int i = 0; i < KILLS_PER_WORLD; i++) {
                for (int more = random.nextInt(3); more >= 0; more--) {
                    world.fire();
                }
                world.resolveOldest();
                world.pagerDuty.script(fault(random), random.nextInt(3));
                world.slack.script(fault(random), random.nextInt(2));
                switch (random.nextInt(4)) {
                    case 0 -> {
                        Process process = world.start("never:0", "halt");
                        assertThat(process.waitFor(500 + random.nextInt(4_000), TimeUnit.MILLISECONDS))
                                .isFalse();
                        world.kill(process);
                    }
                    case 1 -> killWhileTheAnswerIsAwaited(world);
                    default -> world.runUntilKilled(planned(points, random));
                }
                if (random.nextInt(4) > 0) {
                    world.forgetTheDead();
                }
            }
            while (random.nextInt(3) > 0) {
                world.resolveOldest();
            }
            world.start("never:0", "halt");
            world.awaitAllTold();
            world.assertTrusted();
            System.out.printf(
                    "seed %d: %d kills, %d episodes, %d requests to PagerDuty%n",
                    seed,
                    world.kills,
                    world.episodes(),
                    world.pagerDuty.journal().size());
            return world.kills;
        }
    }

    private static String planned(List<String> points, Random random) {
        String point = points.get(random.nextInt(points.size()));
        int nth = 1 + random.nextInt(2);
        // One poll may bring all there is: a second one with records may never come.
        return point + ":" + (point.equals(Point.READ.after()) ? 1 : nth);
    }

    private static Fault fault(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Fault.status(503);
            case 1 -> new Fault.Lost();
            case 2 -> Fault.slowDown(1);
            default -> new Fault.None();
        };
    }
}
