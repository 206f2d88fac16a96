// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import io.conjunct.check.Diagnostic;
import io.conjunct.engine.EngineSettings;
import io.conjunct.history.History;
import io.conjunct.rule.Condition;
import io.conjunct.rule.Condition.And;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Condition.Not;
import io.conjunct.rule.Condition.Or;
import io.conjunct.rule.Expression.Number;
import io.conjunct.rule.Expression.Reference;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import io.conjunct.signal.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One rule with many values in one place: how pages and recall move with {@code for}, {@code within} or a threshold. All
 * values run in one pass. Written {@code RULE.for=0s,1m,5m}, {@code RULE.within=…}, or {@code RULE.SIGNAL=300ms,500ms} for
 * the threshold that a signal is compared with; at most {@value #MAX_VALUES} values.
 */
public final class Sweep {
    static final int MAX_VALUES = 200;

    private final RuleGroup group;
    private final Rule rule;
    private final String key;
    private final List<String> values;
    private final List<Rule> variants = new ArrayList<>();

    /** One value and what the rule came to with it. */
    public record Point(String value, double number, Score score) {}

    private Sweep(RuleGroup group, Rule rule, String key, List<String> values) {
        this.group = group;
        this.rule = rule;
        this.key = key;
        this.values = values;
    }

    /**
     * Reads a sweep.
     *
     * @throws IllegalArgumentException when it names no rule, no place or no value of its kind
     */
    public static Sweep of(String text, RuleSet rules) {
        int equals = text.indexOf('=');
        int dot = equals < 0 ? -1 : text.lastIndexOf('.', equals);
        if (dot < 1) {
            throw new IllegalArgumentException("'" + text + "' (expected: such as RULE.for=0s,1m,5m)");
        }
        String name = text.substring(0, dot);
        String key = text.substring(dot + 1, equals);
        List<String> values = List.of(text.substring(equals + 1).split(","));
        if (values.size() > MAX_VALUES) {
            throw new IllegalArgumentException(values.size() + " values (expected: at most " + MAX_VALUES + ")");
        }
        for (RuleGroup group : rules.groups()) {
            for (Rule rule : group.rules()) {
                if (rule.name().equals(name)) {
                    Sweep sweep = new Sweep(group, rule, key, values);
                    values.forEach(v -> sweep.variants.add(sweep.variant(v.strip())));
                    return sweep;
                }
            }
        }
        throw new IllegalArgumentException("there is no rule " + name);
    }

    private Rule variant(String value) {
        String name = rule.name() + "#" + variants.size();
        return switch (key) {
            case "for" ->
                Rivals.variant(
                        rule,
                        name,
                        rule.when(),
                        rule.until(),
                        rule.on(),
                        rule.within(),
                        read("x", "for: " + value).holdFor());
            case "within" ->
                Rivals.variant(
                        rule,
                        name,
                        rule.when(),
                        rule.until(),
                        rule.on(),
                        read("x", "within: " + value).within(),
                        rule.holdFor());
            default ->
                Rivals.variant(rule, name, threshold(value), rule.until(), rule.on(), rule.within(), rule.holdFor());
        };
    }

    private Condition threshold(String value) {
        Comparison leg = rule.when().comparisons().stream()
                .filter(c ->
                        c.left() instanceof Reference r && r.signal().name().equals(key) && c.right() instanceof Number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(rule.name() + " does not compare `" + key
                        + "` with a number (expected: for, within, or one of " + thresholds() + ")"));
        Signal signal = ((Reference) leg.left()).signal();
        Comparison read =
                read(signal.unit(), "when: x > " + value).when().comparisons().get(0);
        Comparison swept = new Comparison(
                signal.name() + " " + leg.comparator().symbol() + " " + value,
                leg.left(),
                leg.comparator(),
                read.right());
        return replace(rule.when(), leg, swept);
    }

    private List<String> thresholds() {
        return rule.when().comparisons().stream()
                .filter(c -> c.left() instanceof Reference && c.right() instanceof Number)
                .map(c -> ((Reference) c.left()).signal().name())
                .toList();
    }

    private static Condition replace(Condition condition, Comparison old, Comparison by) {
        if (condition instanceof And and) {
            return new And(and.terms().stream().map(t -> replace(t, old, by)).toList());
        }
        if (condition instanceof Or or) {
            return new Or(or.terms().stream().map(t -> replace(t, old, by)).toList());
        }
        if (condition instanceof Not not) {
            return new Not(replace(not.term(), old, by));
        }
        return condition.equals(old) ? by : condition;
    }

    /** Has the rule language read a value: the same words, the same complaints. */
    private static Rule read(String unit, String line) {
        String written = switch (unit) {
            case Signal.COUNT, Signal.PER_SECOND, "", "x" -> "";
            case Signal.RATIO -> ", unit: \"1\"";
            default -> ", unit: " + unit;
        };
        String when = line.startsWith("when:") ? "" : "\n    when: x > 1";
        String yaml =
                "groups:\n- name: sweep\n  owner: sweep\n  signals:\n    x: {measure: max(value), of: metric x, over: 1m"
                        + written + "}\n  rules:\n  - alert: Sweep\n    tier: ticket\n    " + line + when
                        + "\n    annotations: {summary: \"s\", runbook_url: \"https://runbooks.example.com/s\"}\n";
        Loaded loaded = RuleLoader.load(List.of(new RuleSource("--sweep", yaml)), "sweep");
        return loaded.ruleSet()
                .map(r -> r.groups().get(0).rules().get(0))
                .orElseThrow(() -> new IllegalArgumentException(loaded.diagnostics().stream()
                        .filter(Diagnostic::isError)
                        .map(d -> "'" + line.substring(line.indexOf(' ') + 1) + "': " + d.message() + "; " + d.fix())
                        .findFirst()
                        .orElse("'" + line + "'")));
    }

    public String rule() {
        return rule.name();
    }

    /** What is swept: {@code for}, {@code within} or a signal. */
    public String key() {
        return key;
    }

    /** Runs all values over a history. */
    public List<Point> run(History history, Backtest.Settings settings, List<Incident> incidents, Progress progress)
            throws IOException, InterruptedException {
        EngineSettings engine = requireNonNull(settings, "settings").engine();
        // Each thread takes a part of the values.
        List<RuleGroup> groups = new ArrayList<>();
        int parts = Math.max(1, Math.min(settings.threads(), variants.size()));
        for (int part = 0; part < parts; part++) {
            List<Rule> share = new ArrayList<>();
            for (int i = part; i < variants.size(); i += parts) {
                share.add(variants.get(i));
            }
            groups.add(Backtest.needed(new RuleGroup("sweep" + part, group.owner(), group.signals(), share)));
        }
        Replay.Result result = new Replay(history, engine, settings.threads(), progress).run(groups);
        Stretch stretch = result.stretch();
        Judge judge =
                new Judge(incidents, settings.lead(), settings.lag()).between(stretch.fromMillis(), stretch.toMillis());
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < variants.size(); i++) {
            Rule variant = variants.get(i);
            RuleKey of = new RuleKey("sweep" + i % parts, variant.name());
            points.add(new Point(
                    values.get(i).strip(),
                    number(variant),
                    judge.of(
                            Watch.of(rule), result.of(of), result.evidenceLost().getOrDefault(of, 0))));
        }
        return points;
    }

    /** The value as a number, for a chart: minutes for durations, otherwise the threshold in its unit. */
    private double number(Rule variant) {
        return switch (key) {
            case "for" -> variant.holdFor().toMillis() / 60_000.0;
            case "within" -> variant.within().toMillis() / 60_000.0;
            default ->
                variant.when().comparisons().stream()
                        .filter(c -> c.left() instanceof Reference r
                                && r.signal().name().equals(key))
                        .map(c -> c.right() instanceof Number n ? n.value() : Double.NaN)
                        .findFirst()
                        .orElse(Double.NaN);
        };
    }

    /** A table for a terminal. */
    public List<String> table(List<Point> points) {
        Table table = new Table(
                1,
                rule.name() + "." + key,
                "pages",
                "caught",
                "precision",
                "recall",
                "pages per incident",
                "delay p50",
                "p95");
        for (Point point : points) {
            Score score = point.score();
            table.row(List.of(
                    point.value(),
                    Words.count(score.pages()),
                    score.caught().size() + "/" + score.incidents(),
                    Words.percent(score.precision()),
                    Words.percent(score.recall()),
                    ReportTables.ratio(score),
                    Words.duration(Score.percentile(score.delaysMillis(), 0.5)),
                    Words.duration(Score.percentile(score.delaysMillis(), 0.95))));
        }
        return table.text();
    }
}
