// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A numbered pitfall of the conformance suite.
 *
 * @param tests {@code module/TestClass#method} for what no scenario file can tell
 */
record Numbered(String name, String pitfall, List<String> tests) {
    private static final String ENGINE = "rules/src/test/java/io/conjunct/scenario/NumberedConformanceTest.java#";
    private static final String INGEST = "ingest/src/test/java/io/conjunct/ingest/";
    private static final String RECORD = "rules/src/test/java/io/conjunct/record/";
    private static final String SINK = "alert-sink/src/test/java/io/conjunct/sink/";

    static final List<Numbered> ALL = List.of(
            of("S01", "an AND of differently labelled legs is silently empty"),
            of("S02", "an AND needs the same instant"),
            of("S03", "a missing leg decides by accident of an operator"),
            of("S04", "no data resolves a firing alert"),
            of("S05", "an evaluation that fails resolves an alert"),
            of("S06", "a vanished entity leaves a zombie, or disappears"),
            of("S07", "unknown counts as true, negated"),
            of("S08", "a join on values instead of keys"),
            of("S09", "`for` is reset by one good or missing sample"),
            of("S10", "`for` is satisfied by stale samples"),
            of(
                    "S11",
                    "progress is lost at a restart or a reload",
                    ENGINE + "s11_editedAnnotation_keepsProgressOfFor",
                    ENGINE + "s11_editedCondition_resetsThatRuleOnly",
                    ENGINE + "s11_removedRule_endsItsAlert"),
            of("S12", "disorder flaps alerts", ENGINE + "s12_disorderWithinThePromise_changesNothing"),
            of(
                    "S13",
                    "an idle sender holds absence back",
                    ENGINE + "s13_idleSender_delaysAbsenceByTheIdleTimeoutAtMost"),
            of("S14", "time zones and daylight saving decide", ENGINE + "s14_timeZoneAndDaylightSaving_changeNothing"),
            of("S15", "percentiles are averaged"),
            of("S16", "one error in one request pages"),
            of("S17", "0/0, an absent numerator, NaN"),
            of(
                    "S18",
                    "the first increment, or a reset, is lost",
                    INGEST + "MetricMappingTest.java#risingCumulativeSum_becomesDeltas_theFirstCountingFromItsStart",
                    INGEST + "MetricMappingTest.java#cumulativeSumThatRestarts_countsFromItsNewStart"),
            of("S19", "a value in a label changes identity"),
            of("S20", "short alerts vanish from the statistics"),
            of("S21", "a mute matches what lacks its labels"),
            of("S22", "what another alert covers is told at the start"),
            of(
                    "S23",
                    "an incident is opened twice, or never closed",
                    SINK + "PagerDutyTest.java#identity_manyEpisodes_triggerNeverFollowsItsResolve",
                    SINK + "PagerDutyTest.java#lostAnswer_isSentAgainAndStaysOneIncident"),
            of(
                    "S24",
                    "a crash between sending and remembering",
                    SINK + "CrashTest.java#sink_killedAtEveryPoint_losesDoublesAndLeavesOpenNothing"),
            of("S25", "a pattern fires once for ever, or multiplies"),
            of("S26", "a missing key merges strangers"),
            of("S27", "keys without bound", ENGINE + "s27_moreKeysThanTheLimit_areRefusedAndKnownOnesGoOn"),
            of("S28", "a threshold that cannot be reached"),
            of("S29", "groups lag behind each other"),
            of("S30", "a mute of a part mutes the whole, or nothing"),
            of(
                    "S31",
                    "no data passes, or the same data twice differs",
                    ENGINE + "s31_sameInput_isDecidedTheSameEveryTime"),
            of("S32", "a rule that cannot fire looks healthy"),
            of(
                    "S33",
                    "demotion on noise of small numbers",
                    RECORD + "GateTest.java#rule_whoseIncidentsOthersToldToo_isJudgedByItsCounts"));

    Numbered {
        tests = List.copyOf(tests);
    }

    private static Numbered of(String name, String pitfall, String... tests) {
        return new Numbered(name, pitfall, List.of(tests));
    }

    /** Links to what decides it, every one of which exists; empty when nothing does. */
    String proofs(Path cases) throws IOException {
        List<String> links = new ArrayList<>();
        try (Stream<Path> files = Files.list(cases)) {
            files.map(f -> String.valueOf(f.getFileName()))
                    .filter(f -> f.startsWith(name) && f.endsWith(".test.yaml"))
                    .sorted()
                    .forEach(f -> links.add(
                            "[" + f.substring(4).replace(".test.yaml", "") + "](../rules/conformance/" + f + ")"));
        }
        for (String test : tests) {
            String file = test.substring(0, test.indexOf('#'));
            String method = test.substring(test.indexOf('#') + 1);
            assertThat(Files.readString(Path.of("..", file))).as(test).contains("void " + method + "(");
            links.add("[" + method + "](../" + file + ")");
        }
        return String.join("<br>", links);
    }
}
