// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.admin;

import static io.conjunct.cli.admin.StatusPage.escape;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.ingest.SidecarStatus;
import io.conjunct.ingest.metrics.Shaped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What app teams should know about the telemetry they send: what of it was made coarser, what never leaves the process,
 * and what to change. On the status page and, as JSON, at {@code /status}.
 */
final class IntakeSection {
    private static final double MIB = 1024 * 1024;

    private IntakeSection() {}

    static void append(StringBuilder html, SidecarStatus status) {
        html.append("<h2>Telemetry</h2>\n<p>").append(escape(spool(status))).append("</p>\n");
        if (status.topShaped().isEmpty()) {
            html.append("<p>Nothing that came in had to be made coarser.</p>\n");
        } else {
            html.append("<p>These services can send better telemetry. Events so far:</p>\n<table>\n");
            byService(status)
                    .forEach((service, notes) -> notes.forEach(
                            note -> row(html, note == notes.get(0) ? service : "", note.getKey(), note.getValue())));
            html.append("</table>\n");
        }
        if (!status.privateKeys().isEmpty()) {
            html.append("<p class=\"after\">Came in and never leaves this process: ")
                    .append(status.privateKeys().stream()
                            .map(key -> "<code>" + escape(key) + "</code>")
                            .collect(Collectors.joining(", ")))
                    .append("</p>\n");
        }
    }

    /** The service with most first. */
    private static Map<String, List<Map.Entry<Shaped, Long>>> byService(SidecarStatus status) {
        return status.topShaped().entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getKey().service(), LinkedHashMap::new, Collectors.toList()));
    }

    private static String spool(SidecarStatus status) {
        return status.oldestSpooled().isZero()
                ? "Nothing waits for Kafka."
                : String.format(
                        Locale.ROOT,
                        "%.1f MiB on disk; the oldest batch has waited for Kafka for %,d s.",
                        status.spoolBytes() / MIB,
                        status.oldestSpooled().toSeconds());
    }

    private static void row(StringBuilder html, String service, Shaped what, long events) {
        html.append("<tr><td>")
                .append(escape(service))
                .append("</td><td class=\"count\">")
                .append(String.format(Locale.ROOT, "%,d", events))
                .append("</td><td><code>")
                .append(escape(what.key()))
                .append("</code> ")
                .append(escape(what.how().advice()))
                .append("</td></tr>\n");
    }

    static ObjectNode json(SidecarStatus status, ObjectMapper mapper) {
        ObjectNode json = mapper.createObjectNode();
        json.put("spool_bytes", status.spoolBytes());
        json.put("spool_oldest_age_seconds", status.oldestSpooled().toMillis() / 1e3);
        ArrayNode shaped = json.putArray("shaped");
        for (Map.Entry<Shaped, Long> entry : status.topShaped().entrySet()) {
            Shaped what = entry.getKey();
            shaped.addObject()
                    .put("service", what.service())
                    .put("key", what.key())
                    .put("reason", what.how().label())
                    .put("events", entry.getValue())
                    .put("advice", what.how().advice());
        }
        ArrayNode never = json.putArray("private_attributes");
        status.privateKeys().forEach(never::add);
        return json;
    }
}
