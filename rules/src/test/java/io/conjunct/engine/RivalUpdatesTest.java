// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.engine.Recording.Outcome;
import io.conjunct.engine.Recording.Sent;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two publishers at the same moment: their records stand in another order in each partition, and all partitions agree. */
final class RivalUpdatesTest {
    private static final EngineSettings TENS = EngineSettings.of(ofSeconds(10));
    private static final int PARTITIONS = 3;
    private static final RuleUpdate FIRST = update("r1", 0, Duration.ZERO, "one");
    private static final RuleUpdate SECOND = update("r2", 1, ofMinutes(5), "two");
    private static final RuleUpdate RIVAL = update("r3", 1, ofMinutes(5), "three");
    private static final RuleUpdate LATER_RIVAL = update("r4", 1, ofMinutes(6), "four");

    /** Rules that read a metric of their own, so that what is measured by the wrong ones is missed. */
    private static RuleUpdate update(String revision, long sequence, Duration from, String metric) {
        String yaml = """
                groups:
                - name: g
                  owner: team
                  signals:
                    level: {measure: max(value), of: metric %1$s, over: 10s}
                    times: {measure: count, of: metric %1$s, over: 1m}
                  rules:
                  - {alert: High_%1$s, when: level > 5 AND times > 5, tier: ticket}
                """.formatted(metric);
        return new RuleUpdate(
                revision, sequence, Recording.START + from.toMillis(), List.of(new RuleSource("g.yaml", yaml)));
    }

    private static Recording high() {
        Recording recording = new Recording().until(ofMinutes(20));
        for (int i = 0; i < 600; i++) {
            for (String metric : List.of("one", "two", "three", "four")) {
                recording.metric(ofSeconds(i), "s", metric, Map.of(), 9);
            }
        }
        return recording;
    }

    /** Plays the recording; rivals[p] are the updates of partition p, in the order in which they stand there. */
    private static Outcome play(List<List<RuleUpdate>> rivals) throws IOException {
        Outcome outcome = new Outcome();
        Decider decider =
                new Decider(TENS, RuleUpdate.Compiler.YAML, 0, 1, PARTITIONS, new HeapStore(), new DecideCounts());
        List<Measurer> measurers = new ArrayList<>();
        long[] offsets = new long[PARTITIONS];
        for (int i = 0; i < PARTITIONS; i++) {
            measurers.add(new Measurer(TENS, RuleUpdate.Compiler.YAML, i, 1, new HeapStore(), new MeasureCounts()));
            measurers.get(i).onRules(offsets[i]++, FIRST.encode(), (task, p) -> decider.onPartial(p, outcome));
        }
        boolean published = false;
        for (Sent batch : high().sent(TENS, PARTITIONS, new Random(3), Duration.ZERO, ofSeconds(1))) {
            if (!published && batch.at() >= Recording.START + ofMinutes(4).toMillis()) {
                published = true;
                for (int i = 0; i < PARTITIONS; i++) {
                    for (RuleUpdate update : rivals.get(i)) {
                        measurers
                                .get(i)
                                .onRules(offsets[i]++, update.encode(), (task, p) -> decider.onPartial(p, outcome));
                    }
                }
            }
            int p = batch.partition();
            measurers
                    .get(p)
                    .onBatch(offsets[p]++, batch.batch().encode(), (task, part) -> decider.onPartial(part, outcome));
        }
        return outcome;
    }

    private static void assertAgreed(RuleUpdate one, RuleUpdate other, String winner) throws IOException {
        List<RuleUpdate> forth = List.of(one, other);
        List<RuleUpdate> back = List.of(other, one);
        Outcome agreed = play(List.of(forth, forth, forth));
        for (List<List<RuleUpdate>> order :
                List.of(List.of(back, back, back), List.of(forth, back, forth), List.of(back, forth, back))) {
            assertThat(play(order).log()).isEqualTo(agreed.log());
        }
        assertThat(agreed.ticks.get(agreed.ticks.size() - 1).revision()).isEqualTo(winner);
        assertThat(agreed.story()).filteredOn(line -> line.endsWith("firing")).hasSizeGreaterThan(1);
        List<String> revisions = agreed.ticks.stream().map(GroupTick::revision).toList();
        long switches = IntStream.range(1, revisions.size())
                .filter(i -> !revisions.get(i).equals(revisions.get(i - 1)))
                .count();
        assertThat(switches).as("%s", revisions).isLessThanOrEqualTo(2);
    }

    @Test
    void rivalsForTheSameTick_inAnyOrder_oneStays() throws IOException {
        assertAgreed(SECOND, RIVAL, RIVAL.supersedes(SECOND) ? "r3" : "r2");
    }

    @Test
    void rivalsForDifferentTicks_inAnyOrder_theLaterStays() throws IOException {
        assertAgreed(SECOND, LATER_RIVAL, "r4");
    }

    @Test
    void updateThatWasSuperseded_comesBack_andChangesNothing() throws IOException {
        List<RuleUpdate> clean = List.of(SECOND);
        List<RuleUpdate> again = List.of(SECOND, FIRST);
        assertThat(play(List.of(again, clean, again)).log())
                .isEqualTo(play(List.of(clean, clean, clean)).log())
                .hasSizeGreaterThan(2);
    }
}
