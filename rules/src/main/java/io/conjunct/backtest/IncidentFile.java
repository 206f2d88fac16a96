// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads labelled incidents, YAML or CSV (by the file's ending), at most {@value #MAX_INCIDENTS}:
 *
 * <pre>
 * incidents:
 * - {id: INC-1, start: 2026-03-01T10:00:00Z, end: 2026-03-01T10:40:00Z, service: read-api,
 *    labels: {cloud.region: eu}, severity: sev2, rule: ReadApiFaults}
 * </pre>
 *
 * A CSV file has the same names in its first line; a column {@code label.NAME} is a label, several rules are separated by
 * blanks. Only id, start and end are needed.
 */
public final class IncidentFile {
    static final int MAX_INCIDENTS = 100_000;

    private static final Set<String> KEYS = Set.of("id", "start", "end", "service", "labels", "severity", "rule");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final String name;
    private final List<Incident> incidents = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    private IncidentFile(String name) {
        this.name = name;
    }

    /**
     * Reads a file.
     *
     * @throws IOException with every problem of the file in its message, one a line
     */
    public static List<Incident> read(Path file) throws IOException {
        String text = Files.readString(file);
        IncidentFile reading = new IncidentFile(file.toString());
        if (file.toString().endsWith(".csv")) {
            reading.csv(text);
        } else {
            reading.yaml(text);
        }
        if (!reading.problems.isEmpty()) {
            throw new IOException(String.join("\n", reading.problems));
        }
        return reading.incidents;
    }

    private void yaml(String text) {
        JsonNode root;
        try {
            root = YAML.readTree(text);
        } catch (JsonProcessingException e) {
            problems.add(
                    name + ":" + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()) + ": not YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
            return;
        }
        JsonNode list = root.isArray() ? root : root.path("incidents");
        if (!list.isArray()) {
            problems.add(name
                    + ":1: no list of incidents (expected: `incidents:` and entries `- {id: …, start: …, end: …}`)");
            return;
        }
        int number = 0;
        for (JsonNode entry : list) {
            Map<String, String> values = new TreeMap<>();
            SortedMap<String, String> labels = new TreeMap<>();
            number++;
            String where = name + ": incident " + number;
            for (Map.Entry<String, JsonNode> member : entry.properties()) {
                if (!KEYS.contains(member.getKey())) {
                    problems.add(where + ": unknown key `" + member.getKey() + "` (expected: "
                            + KEYS.stream().sorted().toList() + ")");
                } else if (member.getKey().equals("labels")) {
                    member.getValue()
                            .properties()
                            .forEach(l -> labels.put(l.getKey(), l.getValue().asText()));
                } else if (member.getValue().isArray()) {
                    List<String> items = new ArrayList<>();
                    member.getValue().forEach(i -> items.add(i.asText()));
                    values.put(member.getKey(), String.join(" ", items));
                } else {
                    values.put(member.getKey(), member.getValue().asText());
                }
            }
            add(where, values, labels);
        }
    }

    private void csv(String text) {
        List<String> lines = text.lines().toList();
        List<String> columns = lines.isEmpty() ? List.of() : CsvLine.cells(lines.get(0));
        for (String column : columns) {
            if (!column.startsWith("label.") && (!KEYS.contains(column) || column.equals("labels"))) {
                problems.add(name + ":1: unknown column `" + column
                        + "` (expected: id, start, end, service, severity, rule, label.NAME)");
            }
        }
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            List<String> cells = CsvLine.cells(lines.get(i));
            Map<String, String> values = new TreeMap<>();
            SortedMap<String, String> labels = new TreeMap<>();
            for (int c = 0; c < Math.min(cells.size(), columns.size()); c++) {
                String column = columns.get(c);
                if (cells.get(c).isEmpty()) {
                    continue;
                }
                if (column.startsWith("label.")) {
                    labels.put(column.substring("label.".length()), cells.get(c));
                } else {
                    values.put(column, cells.get(c));
                }
            }
            add(name + ":" + (i + 1), values, labels);
        }
    }

    private void add(String where, Map<String, String> values, SortedMap<String, String> labels) {
        String id = values.getOrDefault("id", "");
        long start = time(where, "start", values);
        long end = time(where, "end", values);
        if (id.isEmpty()) {
            problems.add(where + ": no id");
        } else if (!ids.add(id)) {
            problems.add(where + ": the id " + id + " stands twice");
        } else if (end < start) {
            problems.add(where + ": " + id + " ends before it starts");
        } else if (incidents.size() == MAX_INCIDENTS) {
            problems.add(where + ": more than " + MAX_INCIDENTS + " incidents");
        } else {
            String rules = values.getOrDefault("rule", "").strip();
            incidents.add(new Incident(
                    id,
                    start,
                    end,
                    values.getOrDefault("service", ""),
                    labels,
                    values.getOrDefault("severity", ""),
                    rules.isEmpty() ? List.of() : List.of(rules.split("[ ,]+"))));
        }
    }

    private long time(String where, String key, Map<String, String> values) {
        String text = values.getOrDefault(key, "");
        try {
            return time(text);
        } catch (DateTimeException e) {
            problems.add(where + ": " + key + ": " + (text.isEmpty() ? "missing" : "`" + text + "` is not a time")
                    + " (expected: such as 2026-03-01T10:00:00Z)");
            return 0;
        }
    }

    /** Reads a time with its zone, or Unix milliseconds. */
    public static long time(String text) {
        if (text.matches("\\d{10,15}")) {
            return Long.parseLong(text);
        }
        String iso = text.strip().replace(' ', 'T');
        return iso.endsWith("Z")
                ? Instant.parse(iso.matches(".*T\\d\\d:\\d\\dZ") ? iso.replace("Z", ":00Z") : iso)
                        .toEpochMilli()
                : OffsetDateTime.parse(iso).toInstant().toEpochMilli();
    }
}
