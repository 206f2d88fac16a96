// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.prometheus;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Findings;
import io.conjunct.rule.Durations;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.Node;
import io.conjunct.rule.Node.Scalar;
import io.conjunct.rule.Node.Table;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Carries alerting rules of Prometheus over, rule by rule. What cannot be is left out and named; what means something else
 * is carried over and named. The result is read by the rule loader, and what that finds is left to do.
 */
public final class RuleImport {
    private static final Pattern LABEL = Pattern.compile("\\{\\{-?\\s*\\$labels\\.([A-Za-z0-9_]+)\\s*-?}}");
    private static final Pattern OTHER_HOLE = Pattern.compile("\\{\\{.*?}}");

    private final Map<String, String> metricNames;
    private final Set<String> alerts = new LinkedHashSet<>();
    private final List<ImportedRule> rules = new ArrayList<>();
    private final Set<String> unnamed = new TreeSet<>();
    private final List<Map<String, Object>> groups = new ArrayList<>();

    private RuleImport(Map<String, String> metricNames) {
        this.metricNames = metricNames;
    }

    /**
     * What came of it.
     *
     * @param yaml the rule file; empty when nothing was carried over
     * @param unnamedMetrics whose names in OpenTelemetry were guessed
     * @param toDo what {@code conjunct check} says of the file
     * @param problems why a file could not be read
     */
    public record Outcome(
            String yaml,
            List<ImportedRule> rules,
            List<String> unnamedMetrics,
            List<Diagnostic> toDo,
            List<Diagnostic> problems) {
        public Outcome {
            rules = List.copyOf(rules);
            unnamedMetrics = List.copyOf(unnamedMetrics);
            toDo = List.copyOf(toDo);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Carries over what is in these files.
     *
     * @param metricNames what metrics are called in OpenTelemetry, by their name in Prometheus, as far as it is known
     * @param target path of the file to be written, for what is left to do
     */
    public static Outcome of(List<RuleSource> files, Map<String, String> metricNames, String target) {
        RuleImport all = new RuleImport(metricNames);
        Findings findings = new Findings();
        for (RuleSource file : files) {
            RuleLoader.document(file, findings).ifPresent(all::file);
        }
        String yaml = all.groups.isEmpty() ? "" : all.write();
        Loaded loaded = RuleLoader.load(yaml.isEmpty() ? List.of() : List.of(new RuleSource(target, yaml)), "import");
        return new Outcome(
                yaml,
                all.rules,
                List.copyOf(all.unnamed),
                loaded.diagnostics(),
                findings.sorted(files.stream().map(RuleSource::path).toList()));
    }

    private void file(Node document) {
        if (document instanceof Table table) {
            // A PrometheusRule of Kubernetes has them under spec.
            Table spec = table.table("spec").orElse(table);
            spec.sequence("groups").map(Node.Sequence::items).orElse(List.of()).stream()
                    .filter(Table.class::isInstance)
                    .map(Table.class::cast)
                    .forEach(this::group);
        }
    }

    private void group(Table group) {
        Signals signals = new Signals(metricNames);
        List<Map<String, Object>> carried = new ArrayList<>();
        for (Node item : group.sequence("rules").map(Node.Sequence::items).orElse(List.of())) {
            if (item instanceof Table rule) {
                rule(rule, signals).ifPresent(carried::add);
            }
        }
        if (!carried.isEmpty()) {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put(
                    "name", unusedGroup(group.scalar("name").map(Scalar::text).orElse("imported")));
            owner(carried).ifPresent(owner -> written.put("owner", owner));
            written.put("signals", signals.definitions());
            written.put("rules", carried);
            groups.add(written);
        }
    }

    /** The one team that the rules' labels name. */
    private static Optional<String> owner(List<Map<String, Object>> rules) {
        Set<String> owners = new TreeSet<>();
        for (Map<String, Object> rule : rules) {
            if (rule.get("labels") instanceof Map<?, ?> labels) {
                for (String key : List.of("team", "owner")) {
                    Object owner = labels.get(key);
                    if (owner != null) {
                        owners.add(owner.toString());
                    }
                }
            }
        }
        return owners.size() == 1 ? Optional.of(owners.iterator().next()) : Optional.empty();
    }

    private String unusedGroup(String wanted) {
        String base = wanted.replaceAll("[^A-Za-z0-9_.-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        String name = base.isEmpty() ? "imported" : base;
        String free = name;
        for (int i = 2; isUsed(free); i++) {
            free = name + "-" + i;
        }
        return free;
    }

    private boolean isUsed(String group) {
        return groups.stream().anyMatch(known -> group.equals(known.get("name")));
    }

    private Optional<Map<String, Object>> rule(Table rule, Signals signals) {
        String place = rule.place().path() + ":" + rule.place().line();
        Optional<String> recorded = rule.scalar("record").map(Scalar::text);
        if (recorded.isPresent()) {
            rules.add(new ImportedRule(
                    place,
                    recorded.get(),
                    true,
                    "a recording rule: what it computes is a signal of the rules that read it",
                    List.of()));
            return Optional.empty();
        }
        String name = rule.scalar("alert").map(Scalar::text).orElse("?");
        Set<String> changes = new LinkedHashSet<>();
        int before = signals.definitions().size();
        try {
            Map<String, Object> carried = carried(rule, name, signals, changes);
            rules.add(new ImportedRule(place, name, false, "", List.copyOf(changes)));
            return Optional.of(carried);
        } catch (NotCarried reason) {
            signals.keepFirst(before);
            rules.add(new ImportedRule(place, name, false, String.valueOf(reason.getMessage()), List.of()));
            return Optional.empty();
        }
    }

    private Map<String, Object> carried(Table rule, String name, Signals signals, Set<String> changes) {
        String text = rule.scalar("expr").map(Scalar::text).orElseThrow(() -> new NotCarried("it has no expr"));
        Query query = QueryParser.parse(text);
        refuseForeign(query);
        Conversion.Condition condition = new Conversion(signals, changes).condition(query);
        metrics(query).stream()
                .filter(metric -> !signals.isNamed(metric))
                .map(Signals::base)
                .forEach(unnamed::add);
        Map<String, Object> carried = new LinkedHashMap<>();
        carried.put("alert", alert(name, changes));
        carried.put("when", condition.text());
        if (!condition.by().isEmpty()) {
            carried.put("on", condition.by());
        }
        duration(rule, "for").ifPresent(held -> carried.put("for", held));
        duration(rule, "keep_firing_for").ifPresent(held -> carried.put("keep_firing_for", held));
        Map<String, Object> labels = new LinkedHashMap<>(texts(rule, "labels"));
        Object severity = labels.remove("severity");
        carried.put("tier", tier(severity == null ? "" : severity.toString(), changes));
        labels.entrySet().removeIf(label -> {
            boolean template = label.getValue().toString().contains("{{");
            if (template) {
                changes.add("the label `" + label.getKey()
                        + "` is a template: an alert's identity must not change with its" + " value; left out");
            }
            return template;
        });
        if (!labels.isEmpty()) {
            carried.put("labels", labels);
        }
        Map<String, Object> annotations = new LinkedHashMap<>();
        texts(rule, "annotations")
                .forEach((key, value) -> annotations.put(key, annotation(key, value, condition.by(), changes)));
        if (!annotations.isEmpty()) {
            carried.put("annotations", annotations);
        }
        return carried;
    }

    private static void refuseForeign(Query query) {
        if (metrics(query).contains("up")) {
            throw new NotCarried(
                    "`up` says whether Prometheus could scrape; nothing is scraped here. `absent(…)` of what the"
                            + " service sends says as much");
        }
        metrics(query).stream()
                .filter(metric -> metric.contains(":"))
                .findFirst()
                .ifPresent(recorded -> {
                    throw new NotCarried(
                            "it reads `" + recorded + "`, which a recording rule computes: write that expression here");
                });
    }

    private static Set<String> metrics(Query query) {
        Set<String> metrics = new TreeSet<>();
        collect(query, metrics);
        return metrics;
    }

    private static void collect(Query query, Set<String> metrics) {
        if (query instanceof Query.Select select) {
            metrics.add(select.metric());
        } else if (query instanceof Query.Call call) {
            call.arguments().forEach(argument -> collect(argument, metrics));
        } else if (query instanceof Query.Aggregate aggregate) {
            collect(aggregate.of(), metrics);
        } else if (query instanceof Query.Binary binary) {
            collect(binary.left(), metrics);
            collect(binary.right(), metrics);
        }
    }

    /** Prometheus lets several rules have one name, such as one per severity. */
    private String alert(String name, Set<String> changes) {
        String free = name;
        for (int i = 2; !alerts.add(free); i++) {
            free = name + "_" + i;
        }
        if (!free.equals(name)) {
            changes.add("it is called `" + free + "`, because another rule has its name");
        }
        return free;
    }

    private static Optional<String> duration(Table rule, String key) {
        return rule.scalar(key)
                .map(Scalar::text)
                .filter(text -> !text.equals("0"))
                .map(text -> Durations.of(text)
                        .map(Durations::format)
                        .orElseThrow(() -> new NotCarried("`" + key + ": " + text + "` is not a duration")));
    }

    private static String tier(String severity, Set<String> changes) {
        switch (severity.toLowerCase(Locale.ROOT)) {
            case "critical", "page", "emergency", "disaster" -> {
                return "page";
            }
            case "info", "none", "informational" -> {
                return "annotate";
            }
            case "warning", "ticket", "major", "high", "error" -> {
                return "ticket";
            }
            default -> {
                changes.add((severity.isEmpty() ? "it has no severity" : "the severity `" + severity + "` is not known")
                        + ": it opens a ticket");
                return "ticket";
            }
        }
    }

    private static Map<String, String> texts(Table rule, String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        rule.table(key).map(Table::entries).orElse(List.of()).forEach(entry -> {
            if (entry.value() instanceof Scalar scalar) {
                texts.put(entry.key().text(), scalar.text());
            }
        });
        return texts;
    }

    private static String annotation(String key, String text, List<String> by, Set<String> changes) {
        Matcher matcher = LABEL.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String label = Signals.label(matcher.group(1));
            boolean known = by.contains(label);
            if (!known) {
                changes.add("`" + key + "` names the label `" + matcher.group(1) + "`, which the alert does not have");
            }
            matcher.appendReplacement(
                    filled, Matcher.quoteReplacement(known ? "{{ " + label + " }}" : "<" + matcher.group(1) + ">"));
        }
        String labelled = matcher.appendTail(filled).toString();
        String plain = OTHER_HOLE.matcher(labelled).replaceAll(hole -> {
            String inside = hole.group();
            if (by.stream().anyMatch(label -> inside.equals("{{ " + label + " }}"))) {
                return Matcher.quoteReplacement(inside);
            }
            changes.add("`" + key + "` had a template, `" + inside + "`: every page shows the values it was sent for");
            return "(see evidence)";
        });
        return plain.strip();
    }

    private String write() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setWidth(120);
        options.setSplitLines(false);
        // Equal lists are not to be written as anchors and aliases.
        options.setDereferenceAliases(true);
        return new Yaml(options).dump(Map.of("groups", groups));
    }
}
