// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.sink.fakes.FakePagerDuty;
import io.conjunct.sink.fakes.FakePagerDuty.Incident;
import io.conjunct.sink.fakes.FakePagerDuty.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stops and crashes of the whole product while traffic goes on: nothing acknowledged is lost, no window forgets, nobody is
 * paged twice, every page resolves. The promises are 5 s to ready after a stop and 6 s after a crash on a quiet machine;
 * the times are printed, and bounded for a busy one.
 */
final class RestartIT {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration STOPPED = Duration.ofSeconds(10);
    private static final String SERVICE = "restarted";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void stopUnderTraffic_whileFiring_keepsWindowsAndPagesOnce() throws Exception {
        try (FakePagerDuty pagerDuty = FakePagerDuty.start();
                ConjunctProcess conjunct = conjunct(pagerDuty)) {
            conjunct.startAndAwaitReady();
            PagedOnce paged = new PagedOnce(conjunct, pagerDuty, SERVICE);
            try (PersistentClient client = PersistentClient.start(conjunct, SERVICE)) {
                client.slow(true);
                paged.awaitFiring();
                double counted = conjunct.metric("conjunct_signal_value", "signal=\"reads\"")
                        .orElseThrow();

                long begin = System.nanoTime();
                assertThat(conjunct.terminate()).as(conjunct::stderr).isZero();
                Duration stopped = Duration.ofNanos(System.nanoTime() - begin);
                System.out.println("stopped in " + stopped.toMillis() + " ms");
                assertThat(stopped).isLessThan(STOPPED);
                restart(conjunct, "a stop");

                await().atMost(ConjunctProcess.PATIENCE)
                        .until(() -> conjunct.metric("conjunct_signal_value", "signal=\"reads\"")
                                .isPresent());
                assertThat(conjunct.metric("conjunct_signal_value", "signal=\"reads\"")
                                .orElseThrow())
                        .as("reads of the last hour, at the first tick after the start")
                        .isGreaterThanOrEqualTo(counted);
                client.awaitAcknowledged();
                client.slow(false);
                paged.awaitResolved();
                assertEveryReadIsThere(conjunct, client);
            }
            paged.assertOnePage();
        }
    }

    @Test
    void crashesUnderTraffic_whilePendingFiringAndResolving_loseNothingAndRepeatNothing() throws Exception {
        try (FakePagerDuty pagerDuty = FakePagerDuty.start();
                ConjunctProcess conjunct = conjunct(pagerDuty)) {
            conjunct.startAndAwaitReady();
            try (PersistentClient client = PersistentClient.start(conjunct, SERVICE)) {
                for (int episode = 1; episode <= 2; episode++) {
                    client.slow(true);
                    awaitLast(conjunct, episode, State.PENDING);
                    crash(conjunct, "pending");
                    awaitLast(conjunct, episode, State.FIRING);
                    crash(conjunct, "firing");
                    // Late reads of the slow time must not look like a second one.
                    client.awaitAcknowledged();
                    client.slow(false);
                    crash(conjunct, "resolving");
                    awaitLast(conjunct, episode, State.RESOLVED);
                    client.awaitAcknowledged();
                }
                assertEveryReadIsThere(conjunct, client);
            }
            List<Alert> alerts = new Log(conjunct.bootstrap()).alerts(SERVICE);
            assertThat(alerts)
                    .extracting(Alert::state)
                    .containsExactly(
                            State.PENDING, State.FIRING, State.RESOLVED, State.PENDING, State.FIRING, State.RESOLVED);
            List<String> episodes = new ArrayList<>(
                    new LinkedHashSet<>(alerts.stream().map(Alert::episode).toList()));
            assertThat(episodes).hasSize(2);
            await().atMost(ConjunctProcess.PATIENCE)
                    .untilAsserted(() -> assertThat(pagerDuty.incidents())
                            .extracting(Incident::status)
                            .containsExactly(Status.RESOLVED, Status.RESOLVED));
            assertThat(pagerDuty.incidents()).extracting(Incident::dedupKey).containsExactlyElementsOf(episodes);
            assertThat(conjunct.metric("conjunct_engine_duplicate_partials_total"))
                    .hasValue(0);
        }
    }

    private ConjunctProcess conjunct(FakePagerDuty pagerDuty) throws Exception {
        return new ConjunctProcess(directory)
                .rule("reads.yaml", CachePathRules.of(SERVICE))
                .pages(pagerDuty);
    }

    /** Waits until this episode has come as far as this, or further. */
    private static void awaitLast(ConjunctProcess conjunct, int episode, State state) throws Exception {
        Log log = new Log(conjunct.bootstrap());
        await().atMost(ConjunctProcess.PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> log.alerts(SERVICE).stream()
                                .filter(each -> each.state() == state)
                                .count()
                        >= episode);
    }

    private static void crash(ConjunctProcess conjunct, String when) throws Exception {
        conjunct.kill();
        restart(conjunct, "a crash while " + when);
    }

    private static void restart(ConjunctProcess conjunct, String what) throws Exception {
        Duration ready = conjunct.startAndAwaitReady();
        System.out.println("ready " + ready.toMillis() + " ms after " + what);
        assertThat(ready).isLessThan(READY);
    }

    private static void assertEveryReadIsThere(ConjunctProcess conjunct, PersistentClient client) throws Exception {
        long reads = client.finish();
        Set<Long> expected = LongStream.rangeClosed(1, reads).boxed().collect(Collectors.toSet());
        Log log = new Log(conjunct.bootstrap());
        // From the spool into Kafka shortly after the answer.
        await().atMost(ConjunctProcess.PATIENCE).untilAsserted(() -> {
            List<Rows> rows = log.rows();
            assertThat(PersistentClient.numbers(rows, "GET /doc")).isEqualTo(expected);
            assertThat(PersistentClient.numbers(rows, "RedisGET")).isEqualTo(expected);
        });
        int spans = log.rows().stream().mapToInt(Rows::count).sum();
        System.out.println(
                reads + " reads acknowledged, " + (spans - 2 * reads) + " of " + spans + " spans sent twice");
    }
}
