// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.prometheus;

import io.conjunct.prometheus.Query.Match;
import io.conjunct.prometheus.Query.Select;
import io.conjunct.rule.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The signals of one group, made of the selectors of its rules: equal ones are one signal. */
final class Signals {
    /** What Prometheus adds to a name that OpenTelemetry has without. */
    private static final List<String> SUFFIXES = List.of("_total", "_bucket", "_sum", "_count");

    private final Map<String, String> names;
    private final Map<String, Map<String, Object>> byName = new LinkedHashMap<>();

    /** @param names what metrics are called in OpenTelemetry, by their name in Prometheus */
    Signals(Map<String, String> names) {
        this.names = names;
    }

    /**
     * The signal that measures a selector.
     *
     * @param measure such as {@code rate(value)}
     * @param unit of the metric; empty when it has none
     */
    String add(Select select, String measure, Duration over, List<String> by, Optional<String> unit) {
        Map<String, Object> definition = new LinkedHashMap<>();
        definition.put("measure", measure);
        definition.put("of", "metric " + metric(select.metric()));
        unit.ifPresent(u -> definition.put("unit", u));
        Map<String, Object> where = where(select.matches());
        if (!where.isEmpty()) {
            definition.put("where", where);
        }
        definition.put("over", Durations.format(over));
        if (!by.isEmpty()) {
            definition.put("by", by);
        }
        for (Map.Entry<String, Map<String, Object>> known : byName.entrySet()) {
            if (known.getValue().equals(definition)) {
                return known.getKey();
            }
        }
        String name = name(base(select.metric()) + "_" + measure.replaceAll("\\(.*", ""));
        byName.put(name, definition);
        return name;
    }

    /** In the order in which rules asked for them. */
    Map<String, Map<String, Object>> definitions() {
        return byName;
    }

    /** Takes back what was added after a number of signals: the rule that asked for it is not carried over. */
    void keepFirst(int count) {
        List<String> later = new ArrayList<>(byName.keySet()).subList(count, byName.size());
        later.forEach(byName::remove);
    }

    private String name(String wanted) {
        String clean = wanted.replaceAll("[^A-Za-z0-9_]", "_").replaceFirst("^(?=[0-9])", "_");
        String base = clean.length() > 60 ? clean.substring(0, 60) : clean;
        String name = base;
        for (int i = 2; byName.containsKey(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }

    private String metric(String prometheus) {
        return names.getOrDefault(prometheus, names.getOrDefault(base(prometheus), base(prometheus)));
    }

    /** Whether somebody has said what it is called in OpenTelemetry. */
    boolean isNamed(String prometheus) {
        return names.containsKey(prometheus) || names.containsKey(base(prometheus));
    }

    static String base(String metric) {
        for (String suffix : SUFFIXES) {
            if (metric.endsWith(suffix) && metric.length() > suffix.length()) {
                return metric.substring(0, metric.length() - suffix.length());
            }
        }
        return metric;
    }

    /** A metric of seconds, by its name. */
    static Optional<String> unit(String metric) {
        return base(metric).toLowerCase(Locale.ROOT).endsWith("_seconds") ? Optional.of("s") : Optional.empty();
    }

    private static Map<String, Object> where(List<Match> matches) {
        Map<String, Object> where = new TreeMap<>();
        for (Match match : matches) {
            String label = label(match.label());
            Object wanted = switch (match.operator()) {
                case "=" -> match.value();
                case "!=" -> Map.of("not", match.value());
                case "=~" -> Map.of("matches", match.value());
                default -> Map.of("not_matches", match.value());
            };
            if (match.value().isEmpty()) {
                throw new NotCarried("`" + match.label() + match.operator()
                        + "\"\"` asks whether a label is there, which a selector cannot");
            }
            if (where.putIfAbsent(label, wanted) != null) {
                throw new NotCarried("two matchers of `" + match.label() + "`; join them in one regex");
            }
        }
        return where;
    }

    /** The attribute that OpenTelemetry has for a label, as its specification for Prometheus says. */
    static String label(String prometheus) {
        return switch (prometheus) {
            case "job" -> "service.name";
            case "instance" -> "service.instance.id";
            default -> prometheus;
        };
    }

    static List<String> labels(List<String> prometheus) {
        TreeSet<String> labels = new TreeSet<>();
        prometheus.stream().filter(l -> !l.equals("le")).map(Signals::label).forEach(labels::add);
        return List.copyOf(labels);
    }
}
