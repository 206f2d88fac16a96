// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.sink.fakes.FakePagerDuty;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that was not written for telemetry, under the OpenTelemetry Java agent with its default exporters. */
final class JavaAgentIT {
    private static final Path AGENT =
            Path.of("target", "javaagent", "opentelemetry-javaagent.jar").toAbsolutePath();
    private static final String RULES = """
            groups:
            - name: plain
              owner: docs-platform
              signals:
                fault_ratio: {measure: ratio(status = "error"), of: span, where: {service.name: plain, span.kind: server}, over: 10s}
                read_p95:    {measure: p95(duration),           of: span, where: {service.name: plain, span.kind: server}, over: 10s}
              rules:
              - alert: FailingAndSlow
                when: fault_ratio > 5% AND read_p95 > 200ms
                for: 2s
                tier: page
                annotations: {summary: "Reads fail and are slow", runbook_url: "https://runbooks.example.com/reads"}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void failingAndSlowService_underTheAgent_pagesOnceAndResolves_andEverySpanIsCounted() throws Exception {
        try (FakePagerDuty pagerDuty = FakePagerDuty.start();
                ConjunctProcess conjunct = new ConjunctProcess(directory.resolve("conjunct"))
                        .rule("plain.yaml", RULES)
                        .pages(pagerDuty)) {
            conjunct.startAndAwaitReady();
            PagedOnce paged = new PagedOnce(conjunct, pagerDuty, "plain");
            SortedMap<String, Integer> answers;
            try (ClientProcess service = service(conjunct)) {
                service.say("fail");
                paged.awaitFiring();
                service.say("heal");
                paged.awaitResolved();
                answers = service.finish();
            }
            int good = answers.getOrDefault("200", 0);
            int bad = answers.getOrDefault("500", 0);
            assertThat(good).isPositive();
            assertThat(bad).isPositive();
            new Log(conjunct.bootstrap())
                    .awaitCounts(
                            "plain",
                            counts -> assertThat(counts)
                                    .containsEntry(
                                            "GET /doc {http.response.status_code=200, span.kind=server, status=unset}",
                                            good)
                                    .containsEntry(
                                            "GET /doc {http.response.status_code=500, span.kind=server, status=error}",
                                            bad)
                                    .containsEntry(
                                            "GET {http.response.status_code=200, span.kind=client, status=unset}", good)
                                    .containsEntry(
                                            "GET {http.response.status_code=500, span.kind=client, status=error}",
                                            bad));
            paged.assertOnePage();
        }
    }

    private ClientProcess service(ConjunctProcess conjunct) throws Exception {
        return new ClientProcess(
                directory,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-javaagent:" + AGENT,
                        "-cp",
                        Path.of("target", "test-classes").toString(),
                        PlainService.class.getName()),
                Map.of(
                        "OTEL_SERVICE_NAME",
                        "plain",
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        conjunct.otlpHttp("").toString(),
                        // The default of 5 s is longer than these tests allow events to be late.
                        "OTEL_BSP_SCHEDULE_DELAY",
                        "200"));
    }
}
