// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Explain;
import io.conjunct.backtest.Explanation;
import io.conjunct.backtest.IncidentFile;
import io.conjunct.check.Spelling;
import io.conjunct.correlate.RulesReader;
import io.conjunct.correlate.Topics;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.history.History;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code conjunct explain}: why a rule was in its state at an instant of the past, from a recorded file or from Kafka; or
 * why it is so now, from a running node.
 */
@Command(
        name = "explain",
        description = {
            "Why did it page, or why not: each leg at an instant of the past, and what would turn it.",
            "The past is read from --history FILE or from --kafka HOST:PORT; --admin URL asks a running node about now."
        })
final class ExplainCommand implements Callable<Integer> {
    private static final int SHOWN = 10;
    /** Events of an instant are in Kafka that much later, unless they are late. */
    private static final Duration ARRIVED_BY = Duration.ofMinutes(10);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RULE", description = "Name of the alert.")
    private String rule = "";

    @Option(names = "--at", paramLabel = "TIME", description = "Such as 2026-03-01T03:12:00Z.")
    private @Nullable String at;

    @Option(
            names = "--labels",
            paramLabel = "KEY=VALUE",
            split = ",",
            description = "Only alerts with these labels (default: all combinations of the join keys).")
    private Map<String, String> labels = new TreeMap<>();

    @Option(names = "--admin", paramLabel = "URL", description = "Ask the admin port of a running node about now.")
    private @Nullable String admin;

    @Mixin
    private final HistoryOptions history = new HistoryOptions();

    @Override
    public Integer call() throws IOException {
        if (admin != null) {
            return askNode(admin);
        }
        if (at == null) {
            throw new LoadProblem(
                    "which instant? Give --at TIME, such as 2026-03-01T03:12:00Z; or --admin URL for now");
        }
        long instant;
        try {
            instant = IncidentFile.time(at);
        } catch (DateTimeException e) {
            throw new LoadProblem("--at: '" + at + "' is not a time (expected: such as 2026-03-01T03:12:00Z)");
        }
        String kafka = history.kafka;
        if (kafka != null) {
            BrokerProbe.requireAnswer(kafka);
        }
        RuleSet rules = kafka != null && !history.hasRules()
                ? published(kafka, instant)
                : RulesFrom.directory(history.rules, RulesFrom.WORKING_TREE);
        try (HistorySource past = history.open(OptionalLong.of(instant + ARRIVED_BY.toMillis()), rules)) {
            return explain(past.history(), rules, instant);
        }
    }

    private RuleSet published(String broker, long instant) {
        RuleUpdate update;
        try (RulesReader reader = RulesReader.ofLatest(broker, new Topics(history.topicPrefix), Map.of())) {
            update = reader.readAll()
                    .latest()
                    .orElseThrow(() -> new LoadProblem("no rules are published at " + broker + "; give --rules DIR"));
        }
        if (update.effectiveMillis() > instant) {
            spec.commandLine()
                    .getErr()
                    .println("conjunct: these are the rules of revision " + update.revision() + ", which decide since "
                            + Instant.ofEpochMilli(update.effectiveMillis())
                            + "; for those of before give --rules DIR");
        }
        return RuleUpdate.Compiler.YAML.compile(update);
    }

    private int askNode(String url) {
        if (at != null || history.kafka != null) {
            throw new LoadProblem(
                    "--admin asks about now; for an instant of the past give --kafka or --history instead");
        }
        StringBuilder query = new StringBuilder(ExplainEndpoint.PATH + "?rule=" + encode(rule));
        labels.forEach((key, value) ->
                query.append('&').append(encode(key)).append('=').append(encode(value)));
        AdminClient node = new AdminClient();
        node.server = url;
        AdminClient.Reply reply = node.get(query.toString());
        spec.commandLine().getOut().print(reply.body());
        spec.commandLine().getOut().flush();
        return reply.status() == 200 ? Conjunct.EXIT_OK : Conjunct.EXIT_FINDINGS;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private int explain(History past, RuleSet rules, long instant) throws IOException {
        Explain explain = Explain.of(past, history.engine(), rules, rule)
                .orElseThrow(() -> new LoadProblem("there is no rule " + rule + " in revision " + rules.revision()
                        + Spelling.nearest(rule, names(rules))
                                .map(nearest -> "; did you mean " + nearest + "?")
                                .orElse("")));
        List<Explanation> explanations;
        try (ProgressBar bar = ProgressBar.forPeople()) {
            explanations = explain.at(instant, labels, bar);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (explanations.isEmpty()) {
            out.println(
                    labels.isEmpty()
                            ? "nothing was known of " + rule + " then: the history begins later, or no data came"
                            : "no alert of " + rule + " had the labels " + labels + " then");
            out.flush();
            return Conjunct.EXIT_FINDINGS;
        }
        for (Explanation explanation : explanations.subList(0, Math.min(SHOWN, explanations.size()))) {
            explanation.lines().forEach(out::println);
        }
        if (explanations.size() > SHOWN) {
            out.println("and " + (explanations.size() - SHOWN) + " more; give --labels");
        }
        out.flush();
        return Conjunct.EXIT_OK;
    }

    private static List<String> names(RuleSet rules) {
        return rules.groups().stream()
                .flatMap(group -> group.rules().stream())
                .map(Rule::name)
                .toList();
    }
}
