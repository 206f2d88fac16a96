// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Three quarters of an hour of a service, as the Collector writes it, and a rule for it: slow and failing in minutes 10 to
 * 15 and, less so, 25 to 30; slow alone in 35 to 40.
 */
final class SlowTraces {
    static final long START = Instant.parse("2026-03-01T09:00:00Z").toEpochMilli();

    static final String RULES = """
            groups:
            - name: read-api
              owner: team
              signals:
                p95:   {measure: p95(duration), of: span, where: {service.name: read-api}, over: 1m}
                fault: {measure: ratio(status = "error"), of: span, where: {service.name: read-api}, over: 1m}
              rules:
              - alert: SlowAndFailing
                when: p95 > 500ms AND fault > 5%
                for: 30s
                tier: page
                annotations: {summary: "slow and failing", runbook_url: "https://runbooks.example.com/slow"}
            """;

    private SlowTraces() {}

    /** Writes it as lines of OTLP JSON. */
    static void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        int id = 1;
        for (int second = 0; second < 45 * 60; second += 5) {
            int minute = second / 60;
            boolean bad = (minute >= 10 && minute < 15) || (minute >= 25 && minute < 30);
            int millis = minute >= 10 && minute < 15 || minute >= 35 && minute < 40 ? 900 : bad ? 700 : 40;
            List<String> spans = new ArrayList<>();
            for (int i = 0; i < 20; i++, id++) {
                long end = START + second * 1_000L + i * 200;
                spans.add(String.format(
                        "{\"traceId\":\"%032x\",\"spanId\":\"%016x\",\"name\":\"GET\",\"kind\":2,"
                                + "\"startTimeUnixNano\":\"%d000000\",\"endTimeUnixNano\":\"%d000000\"%s}",
                        id, id, end - millis, end, bad && i % 3 == 0 ? ",\"status\":{\"code\":2}" : ""));
            }
            lines.add("{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
                    + "{\"stringValue\":\"read-api\"}}]},\"scopeSpans\":[{\"spans\":[" + String.join(",", spans)
                    + "]}]}]}");
        }
        Files.write(file, lines);
    }
}
