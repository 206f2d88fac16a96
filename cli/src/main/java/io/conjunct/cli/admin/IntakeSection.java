// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.conjunct.cli.html.Html;
import io.conjunct.ingest.SidecarStatus;
import io.conjunct.ingest.metrics.Shaped;
import java.io.IOException;
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

    static void write(Html html, SidecarStatus status) {
        html.element("h2", "Telemetry").element("p", spool(status), "class", "soft");
        if (status.topShaped().isEmpty()) {
            html.element("p", "Nothing that came in had to be made coarser.", "class", "soft");
        } else {
            html.element("p", "These services can send better telemetry. Events so far:", "class", "soft")
                    .open("table");
            byService(status)
                    .forEach((service, notes) -> notes.forEach(
                            note -> row(html, note == notes.get(0) ? service : "", note.getKey(), note.getValue())));
            html.close();
        }
        if (!status.privateKeys().isEmpty()) {
            html.open("p", "class", "soft").text("Came in and never leaves this process: ");
            String comma = "";
            for (String key : status.privateKeys()) {
                html.text(comma).element("code", key);
                comma = ", ";
            }
            html.close();
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

    private static void row(Html html, String service, Shaped what, long events) {
        html.open("tr").element("td", service);
        html.element("td", String.format(Locale.ROOT, "%,d", events), "class", "number");
        html.open("td", "class", "soft")
                .element("code", what.key())
                .text(" " + what.how().advice());
        html.close().close();
    }

    static void write(JsonGenerator json, SidecarStatus status) throws IOException {
        json.writeStartObject();
        json.writeNumberField("spool_bytes", status.spoolBytes());
        json.writeNumberField("spool_oldest_age_seconds", status.oldestSpooled().toMillis() / 1e3);
        json.writeArrayFieldStart("shaped");
        for (Map.Entry<Shaped, Long> entry : status.topShaped().entrySet()) {
            Shaped what = entry.getKey();
            json.writeStartObject();
            json.writeStringField("service", what.service());
            json.writeStringField("key", what.key());
            json.writeStringField("reason", what.how().label());
            json.writeNumberField("events", entry.getValue());
            json.writeStringField("advice", what.how().advice());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("private_attributes");
        for (String key : status.privateKeys()) {
            json.writeString(key);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
