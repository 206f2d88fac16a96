// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.engine.Recording.Outcome;
import io.conjunct.engine.Recording.Sent;
import io.conjunct.event.MalformedBatchException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Law 10: same events in, same decisions out, whatever the batching, partitions, interleaving and restarts. */
final class EngineDeterminismTest {
    private static final EngineSettings SETTINGS = EngineSettings.of(Duration.ofSeconds(2));

    @Test
    void transitions_anyPartitionsBatchingAndDisorder_areIdentical() {
        Recording recording = SlowReads.recording(7, 30_000, Duration.ofMinutes(10));
        List<String> expected = recording.play(SETTINGS, SlowReads.rules()).log();
        assertThat(expected).hasSizeGreaterThan(10);
        for (int partitions : new int[] {1, 3, 8}) {
            for (int seed = 0; seed < 3; seed++) {
                Duration batching = Duration.ofMillis(new long[] {100, 700, 2_500}[seed]);
                // The batching delay adds to the disorder; together they stay below the promise.
                List<String> actual = recording
                        .play(
                                SETTINGS,
                                SlowReads.rules(),
                                partitions,
                                new Random(seed),
                                Duration.ofMillis(2_400),
                                batching)
                        .log();
                assertThat(actual)
                        .as("%d partitions, seed %d", partitions, seed)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void transitions_restartedAtRandomPoints_areIdentical() throws IOException {
        Recording recording = SlowReads.recording(11, 20_000, Duration.ofMinutes(8));
        List<String> expected = recording.play(SETTINGS, SlowReads.rules()).log();
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            List<Sent> sent = recording.sent(SETTINGS, 3, random, Duration.ofSeconds(2), Duration.ofMillis(500));
            assertThat(withRestarts(sent, random, 3)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    /** Rebuilds both steps from their stores again and again, as a crash after a commit does. */
    private static List<String> withRestarts(List<Sent> sent, Random random, int partitions) throws IOException {
        Outcome outcome = new Outcome();
        RuleUpdate.Compiler compiler = update -> SlowReads.rules();
        List<HeapStore> stores = new ArrayList<>();
        for (int i = 0; i <= partitions; i++) {
            stores.add(new HeapStore());
        }
        List<Measurer> measurers = new ArrayList<>();
        Decider[] decider = new Decider[1];
        Runnable restart = () -> {
            measurers.clear();
            for (int i = 0; i < partitions; i++) {
                measurers.add(new Measurer(SETTINGS, compiler, i, 1, stores.get(i), new MeasureCounts()));
            }
            decider[0] = new Decider(SETTINGS, compiler, 0, 1, partitions, stores.get(partitions), new DecideCounts());
        };
        restart.run();
        long[] offsets = new long[partitions];
        Measurer.Output pass = (target, partial) -> decider[0].onPartial(partial, outcome);
        for (int i = 0; i < partitions; i++) {
            measurers.get(i).onRules(offsets[i]++, new RuleUpdate("r1", Recording.START, List.of()).encode(), pass);
        }
        for (Sent batch : sent) {
            if (random.nextInt(40) == 0) {
                restart.run();
            }
            measurers
                    .get(batch.partition())
                    .onBatch(offsets[batch.partition()]++, batch.batch().encode(), pass);
        }
        return outcome.log();
    }

    @Test
    void store_afterALongRun_isBounded() throws MalformedBatchException {
        HeapStore store = new HeapStore();
        Decider decider = new Decider(SETTINGS, update -> SlowReads.rules(), 0, 1, 1, store, new DecideCounts());
        Measurer measurer =
                new Measurer(SETTINGS, update -> SlowReads.rules(), 0, 1, new HeapStore(), new MeasureCounts());
        Measurer.Output pass = (target, partial) -> decider.onPartial(partial, new Outcome());
        long offset = 0;
        try {
            measurer.onRules(offset++, new RuleUpdate("r1", Recording.START, List.of()).encode(), pass);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Recording recording = SlowReads.recording(3, 60_000, Duration.ofMinutes(40));
        for (Sent batch : recording.sent(SETTINGS, 1, new Random(1), Duration.ZERO, Duration.ofSeconds(1))) {
            measurer.onBatch(offset++, batch.batch().encode(), pass);
        }
        // Two ladder levels of 512 slots, and a handful of entries beside them.
        assertThat(store.size()).isLessThan(2 * PaneLog.RING + 40);
    }
}
