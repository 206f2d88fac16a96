// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The demonstration around a running node: its service, its story, and what it says at the beginning and the end. */
public final class Demo {
    private final Path directory;
    private final Narrator narrator;
    private final long begin = System.nanoTime();

    /**
     * @param directory where rules and logs are kept for the user
     * @param out the console
     * @param terminal whether somebody looks on
     */
    public Demo(Path directory, PrintStream out, boolean terminal, boolean colours) {
        this.directory = directory;
        narrator = new Narrator(out, terminal, colours, this::elapsed);
    }

    /** What the node is, told to the demonstration once it runs. */
    public record Running(
            String bootstrap, String alertsTopic, String endpoint, String adminUrl, PrometheusRegistry registry) {}

    /** Writes the rules and gives their directory. */
    public Path writeRules() throws IOException {
        Path rules = directory.resolve("rules");
        DemoRules.write(rules);
        return rules;
    }

    /** Where the alert sink writes what people would receive. */
    public PrintStream messages() {
        return narrator.messages();
    }

    public void introduce() {
        narrator.title("conjunct demo");
        narrator.blank();
        narrator.say("A read API answers from a cache. Two signals are measured from its spans; one rule needs both:");
        narrator.blank();
        narrator.lines(List.of(
                "    read_p99   slowest 1 % of its requests, last 10 s    a page needs  > 300 ms",
                "    hit_ratio  what the cache could answer, last 20 s             AND  > 80 %"));
        narrator.blank();
        narrator.say("Slow with a cold cache is weather: it heals by itself, and nobody should be woken for it. Slow"
                + " with a warm cache is an incident.");
        narrator.blank();
        narrator.say("Starting a broker, the sidecar, the correlator and the alert sink in this process ...");
    }

    /**
     * Starts the service, tells the story, ends the service.
     *
     * @return whether the story went as told
     */
    public boolean tell(Running node) throws IOException {
        RegistryReadings readings = new RegistryReadings(node.registry());
        try (ServiceProcess service = ServiceProcess.start(node.endpoint(), directory.resolve("read-api.log"));
                AlertWatch alerts = AlertWatch.open(node.bootstrap(), node.alertsTopic())) {
            narrator.blank();
            narrator.lines(List.of(
                    "rules    " + directory.resolve("rules").resolve(DemoRules.FILE),
                    "status   " + node.adminUrl(),
                    "service  process " + service.pid() + ": OpenTelemetry Java SDK, " + ReadApi.PER_SECOND
                            + " requests/s, OTLP to " + node.endpoint()));
            Story.Result result = new Story(service, readings, alerts::poll, narrator, this::elapsed).tell();
            conclude(result, readings.spans());
            return result.asTold();
        }
    }

    private void conclude(Story.Result result, long spans) {
        narrator.title("What happened");
        narrator.blank();
        narrator.lines(List.of(
                String.format(Locale.ROOT, "%,8d spans came in over OTLP from a real OpenTelemetry SDK", spans),
                String.format(
                        Locale.ROOT,
                        "%8d pages would have come from an alert on latency alone, for as long",
                        result.slowStretches()),
                String.format(Locale.ROOT, "%8d page%s went out", result.pages(), result.pages() == 1 ? "" : "s")));
        narrator.blank();
        if (result.asTold()) {
            narrator.say(narrator.good("As told: weather ignored, one page with its evidence, resolved."));
        } else {
            narrator.say(narrator.bad("Not as told:"));
            result.deviations().forEach(each -> narrator.say("  - " + each));
            narrator.say("  Please report it, with the logs in " + directory + ".");
        }
    }

    /** What to do next, when it is over. */
    public void farewell(boolean keepRunning, String adminUrl, String endpoint) {
        narrator.title("Next");
        narrator.blank();
        String rules = directory.resolve("rules").toString();
        if (keepRunning) {
            narrator.lines(List.of(
                    "look around       " + adminUrl + " (it runs until Ctrl-C)",
                    "send your own     OTEL_EXPORTER_OTLP_ENDPOINT=" + endpoint + " OTEL_EXPORTER_OTLP_PROTOCOL=grpc"));
        } else {
            narrator.lines(List.of("look around       ./conjunct demo --keep-running"));
        }
        narrator.lines(List.of(
                "read the rule     cat " + rules + "/" + DemoRules.FILE,
                "run it for real   ./conjunct run --rules " + rules,
                "                  then point a service's OTEL_EXPORTER_OTLP_ENDPOINT at http://127.0.0.1:4317"));
        narrator.blank();
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
