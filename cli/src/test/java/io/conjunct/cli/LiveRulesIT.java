// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.cli.admin.AdminServer;
import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.cli.it.Log;
import io.conjunct.cli.reload.Attempt.Result;
import io.conjunct.cli.reload.RuleFollower;
import io.conjunct.cli.reload.RuleReload;
import io.conjunct.correlate.Correlator;
import io.conjunct.correlate.CorrelatorSettings;
import io.conjunct.correlate.RulesReader;
import io.conjunct.correlate.Topics;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.event.EventBatch.Rows;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that change while events come in, on a real broker: R2 and R3, `apply`, and the sidecar that follows. */
final class LiveRulesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    static Path directory;

    private static DataDirectory data;
    private static EmbeddedBroker broker;

    @BeforeAll
    static void startBroker() throws IOException {
        data = DataDirectory.open(directory.resolve("broker"));
        broker = EmbeddedBroker.start(data, 0);
    }

    @AfterAll
    static void stopBroker() throws IOException {
        broker.close();
        data.close();
    }

    /** One node's directory, options and parts. */
    private static final class Member implements AutoCloseable {
        private final PrometheusRegistry registry = new PrometheusRegistry();
        private final KafkaOptions kafka = new KafkaOptions();
        private final EngineOptions engine = new EngineOptions();
        private final DataDirectory data;
        private final List<Component> parts = new ArrayList<>();

        Member(String prefix, String name) throws IOException {
            Path home = directory.resolve(prefix + name);
            engine.rules.set(Files.createDirectories(home.resolve("rules")));
            engine.tick.set(Duration.ofSeconds(1));
            engine.allowedLateness.set(Duration.ofSeconds(1));
            kafka.kafka.set(broker.bootstrap());
            kafka.topicPrefix.set(prefix);
            kafka.data.set(home.resolve("data"));
            data = DataDirectory.open(kafka.data.get());
        }

        Member rules(String yaml) throws IOException {
            Files.writeString(engine.rules.get().resolve("rules.yaml"), yaml);
            return this;
        }

        Correlator correlator() throws InterruptedException {
            Correlator correlator = Correlator.start(
                    new CorrelatorSettings(
                            broker.bootstrap(),
                            kafka.topicPrefix.get(),
                            data.node(),
                            data.path().resolve("state"),
                            EngineSettings.of(engine.tick.get()),
                            engine.allowedLateness.get(),
                            1,
                            2,
                            2,
                            1,
                            true,
                            false,
                            Map.of()),
                    RuleUpdate.Compiler.YAML,
                    registry,
                    tick -> {});
            parts.add(0, CorrelatorRole.component(correlator));
            return correlator;
        }

        RuleReload publish(Correlator correlator) {
            return RulesRole.publish(RulesRole.read(engine, kafka), correlator, data, new PrometheusRegistry());
        }

        /** Its OTLP/HTTP port. */
        int sidecar() throws IOException {
            IngestOptions ingest = new IngestOptions();
            ingest.grpcPort.set(0);
            try (ServerSocket free = new ServerSocket(0)) {
                ingest.httpPort.set(free.getLocalPort());
            }
            SidecarRole sidecar = SidecarRole.open(
                    broker.bootstrap(), kafka, data, new ServerOptions(), ingest, engine, Optional.empty(), registry);
            parts.add(0, sidecar.component());
            sidecar.forward();
            return ingest.httpPort.get();
        }

        String detail() {
            return parts.get(0).detail();
        }

        @Override
        public void close() throws IOException {
            for (Component part : parts) {
                part.closing().close();
            }
            data.close();
        }
    }

    private static String group(String... lines) {
        return """
                groups:
                - name: g
                  owner: team
                  signals:
                    level: {measure: max(value), of: metric level, over: 2s}
                    steady: {measure: max(value), of: metric steady, over: 2s}
                  rules:
                """ + String.join("", lines);
    }

    private static String rule(String name, String when) {
        return "  - {alert: " + name + ", when: " + when + ", tier: ticket}\n";
    }

    private static List<Alert> alerts(String prefix) throws IOException {
        return new Log(broker.bootstrap(), prefix).alerts();
    }

    private static List<String> story(String prefix, String alert) throws IOException {
        return alerts(prefix).stream()
                .filter(a -> a.name().equals(alert))
                .map(a -> a.state().word() + (a.reason().isEmpty() ? "" : " (" + a.reason() + ")"))
                .toList();
    }

    private static void awaitStory(String prefix, String alert, String... transitions) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(story(prefix, alert)).containsExactly(transitions));
    }

    @Test
    void rulesThatChangeWhileTheyFire_endOrKeepTheirAlerts() throws Exception {
        String prefix = "r2.";
        try (Member node = new Member(prefix, "node")
                .rules(group(
                        rule("Kept", "level > 5"),
                        rule("Tightened", "level > 6"),
                        rule("Old", "level > 7"),
                        rule("Deleted", "level > 5")))) {
            RuleReload reload = node.publish(node.correlator());
            try (GaugeClient client = GaugeClient.start(node.sidecar())) {
                for (String alert : List.of("Kept", "Tightened", "Old", "Deleted")) {
                    awaitStory(prefix, alert, "firing");
                }
                node.rules(group(
                        rule("Kept", "level > 5").replace("tier: ticket", "tier: ticket, annotations: {summary: new}"),
                        rule("Tightened", "level > 8"),
                        rule("New", "level > 7")));
                assertThat(reload.reload().changes())
                        .isEqualTo("1 added (New), 1 changed (Tightened), 1 reworded (Kept), 2 removed (Old, Deleted),"
                                + " 0 unchanged");
                awaitStory(prefix, "Deleted", "firing", "resolved (rule removed)");
                awaitStory(prefix, "Old", "firing", "resolved (rule removed)");
                awaitStory(prefix, "New", "firing");
                awaitStory(prefix, "Tightened", "firing", "resolved (rule changed)", "firing");
                client.level(1);
                awaitStory(prefix, "Kept", "firing", "resolved");
            }
            List<Alert> alerts = alerts(prefix);
            List<Alert> kept =
                    alerts.stream().filter(a -> a.name().equals("Kept")).toList();
            assertThat(kept).extracting(Alert::episode).containsOnly(kept.get(0).episode());
            assertThat(kept)
                    .extracting(Alert::ruleRevision)
                    .containsOnly(kept.get(0).ruleRevision());
            assertThat(kept.get(1).revision()).isNotEqualTo(kept.get(0).revision());
            assertThat(kept.get(1).annotations()).containsEntry("summary", "new");
            List<Alert> tightened =
                    alerts.stream().filter(a -> a.name().equals("Tightened")).toList();
            assertThat(tightened.get(2).ruleRevision())
                    .isNotEqualTo(tightened.get(0).ruleRevision());
        }
    }

    @Test
    void correlatorsWithDifferentFiles_decideByTheLog_withoutFlapping() throws Exception {
        String prefix = "r3.";
        String old = group(rule("Kept", "steady > 5"), rule("Fast", "level > 5"));
        String next = group(rule("Kept", "steady > 5"), rule("Fast", "level > 7"), rule("Added", "level > 8"));
        try (Member first = new Member(prefix, "first").rules(old)) {
            RuleReload prompt = first.publish(first.correlator());
            try (Member second = new Member(prefix, "second").rules(old);
                    GaugeClient client = GaugeClient.start(first.sidecar())) {
                Correlator running = second.correlator();
                RuleReload late = second.publish(running);
                assertThat(late.last().orElseThrow().result()).isEqualTo(Result.UNCHANGED);
                awaitStory(prefix, "Fast", "firing");
                first.rules(next);
                String revision = prompt.reload().revision();
                awaitStory(prefix, "Added", "firing");
                // The second one's files are late. It is told to reload, it is started again: nothing goes back.
                assertThat(late.reload().result()).isEqualTo(Result.OVERRULED);
                assertThat(second.publish(running).last().orElseThrow().result())
                        .isEqualTo(Result.OVERRULED);
                second.rules(next);
                assertThat(late.reload().result()).isEqualTo(Result.UNCHANGED);
                client.level(1);
                awaitStory(prefix, "Added", "firing", "resolved");
                awaitStory(prefix, "Fast", "firing", "resolved (rule changed)", "firing", "resolved");
                assertThat(story(prefix, "Kept")).containsExactly("firing");
                List<String> revisions =
                        alerts(prefix).stream().map(Alert::revision).distinct().toList();
                assertThat(revisions).hasSize(2).endsWith(revision);
                assertNeverBack(alerts(prefix), revision);
            }
        }
    }

    private static void assertNeverBack(List<Alert> alerts, String last) {
        int first = alerts.stream().map(Alert::revision).toList().indexOf(last);
        assertThat(alerts.subList(first, alerts.size()))
                .extracting(Alert::revision)
                .containsOnly(last);
    }

    @Test
    void sidecar_followsTheRules_alsoAfterARestartWithoutThem() throws Exception {
        String prefix = "follow.";
        try (Member decider = new Member(prefix, "decider").rules(reading("tier"))) {
            RuleReload reload = decider.publish(decider.correlator());
            try (Member beside = new Member(prefix, "sidecar")) {
                Files.delete(beside.engine.rules.get());
                try (GaugeClient client = GaugeClient.start(beside.sidecar())) {
                    await().atMost(PATIENCE).until(() -> newest(prefix).equals(Set.of("tier")));
                    decider.rules(reading("colour"));
                    long begin = System.nanoTime();
                    String revision = reload.reload().revision();
                    await().atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(100))
                            .until(() -> newest(prefix).equals(Set.of("colour")));
                    System.out.printf("the sidecar followed after %d ms%n", (System.nanoTime() - begin) / 1_000_000);
                    await().atMost(PATIENCE).until(() -> beside.detail().endsWith("revision " + revision + " read"));
                }
            }
            String known = reload.last().orElseThrow().revision();
            try (Member again = new Member(prefix, "sidecar")) {
                Files.deleteIfExists(again.engine.rules.get());
                again.kafka.kafka.set("127.0.0.1:1");
                again.sidecar();
                assertThat(again.detail()).as("what was kept beside the spool").endsWith("revision " + known + " read");
            }
        }
    }

    private static String reading(String attribute) {
        return """
                groups:
                - name: g
                  owner: team
                  signals:
                    level: {measure: max(value), of: metric level, over: 2s, by: [%s]}
                  rules:
                  - {alert: High, when: level > 5, on: [%s], tier: ticket}
                """.formatted(attribute, attribute);
    }

    /** The attributes of the newest events in the log. */
    private static Set<String> newest(String prefix) throws IOException {
        List<Rows> rows = new Log(broker.bootstrap(), prefix).rows();
        Set<String> attributes = new TreeSet<>();
        rows.subList(Math.max(0, rows.size() - 1), rows.size())
                .forEach(last -> attributes.addAll(last.series().attributes().keySet()));
        return attributes;
    }

    /** What a run of the command printed, and its exit code. */
    private record Printed(int code, String out, String err) {}

    private static Printed conjunct(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Conjunct.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Printed(code, out.toString(), err.toString());
    }

    @Test
    void apply_putsRulesInForce_inAFleetWithoutFiles() throws Exception {
        String prefix = "apply.";
        try (Member fleet = new Member(prefix, "fleet")) {
            fleet.correlator();
            Files.delete(fleet.engine.rules.get());
            Path rules = Files.createDirectories(directory.resolve("applied"));
            Files.writeString(rules.resolve("rules.yaml"), group(rule("A", "level > 5"), rule("B", "level > 6")));
            String[] apply = {
                "apply", rules.toString(), "--kafka", broker.bootstrap(), "--topic-prefix", prefix, "--tick", "1s"
            };
            Printed first = conjunct(apply);
            assertThat(first.code()).as(first.out() + first.err()).isZero();
            assertThat(first.out()).contains("revision none -> ", "A     g      added", "2 of 2 tasks decide by it");

            Files.writeString(rules.resolve("rules.yaml"), group(rule("A", "level > 7")));
            Printed dry = conjunct(
                    "apply", rules.toString(), "--kafka", broker.bootstrap(), "--topic-prefix", prefix, "--dry-run");
            assertThat(dry.code()).isZero();
            assertThat(dry.out())
                    .containsPattern("A +g +changed +starts over")
                    .containsPattern("B +g +removed")
                    .endsWith("nothing was published" + System.lineSeparator());

            try (GaugeClient client = GaugeClient.start(fleet.sidecar())) {
                awaitStory(prefix, "B", "firing");
                assertThat(conjunct(apply).code()).isZero();
                awaitStory(prefix, "B", "firing", "resolved (rule removed)");
                assertThat(conjunct(apply).out()).contains("published already");

                Files.writeString(rules.resolve("rules.yaml"), group(rule("A", "leval > 7")));
                Printed refused = conjunct(apply);
                assertThat(refused.code()).isEqualTo(1);
                assertThat(refused.err()).contains("did you mean `level`?", "Nothing was published.");
                Printed missing = conjunct("apply", rules.resolve("none").toString(), "--kafka", broker.bootstrap());
                assertThat(missing.code()).isEqualTo(2);
                assertThat(client.sent()).isPositive();
            }
            assertThat(alerts(prefix)).extracting(Alert::state).doesNotContain(State.CANCELLED);
        }
    }

    @Test
    void explain_fromKafkaAndFromARunningNode_showsEachLeg() throws Exception {
        String prefix = "explain.";
        String both = group(rule("Both", "level > 5 AND steady > 5"), rule("Never", "level > 50 AND steady > 5"));
        try (Member node = new Member(prefix, "node").rules(both)) {
            Correlator correlator = node.correlator();
            node.publish(correlator);
            try (GaugeClient client = GaugeClient.start(node.sidecar());
                    RuleFollower rules = RuleFollower.start(
                            () -> RulesReader.ofAll(broker.bootstrap(), new Topics(prefix), Map.of()), news -> {});
                    AdminServer admin = AdminServer.start("127.0.0.1", 0, new PrometheusRegistry(), List::of, "test")) {
                admin.accept(ExplainEndpoint.PATH, new ExplainEndpoint(rules::known, correlator::latest));
                awaitStory(prefix, "Both", "firing");
                await().atMost(PATIENCE)
                        .until(() -> conjunct("explain", "Both", "--admin", admin.url())
                                .out()
                                .startsWith("Both was firing at "));
                Printed never = conjunct("explain", "Never", "--admin", admin.url());
                assertThat(never.code()).isZero();
                assertThat(never.out())
                        .startsWith("Never was inactive at ")
                        .containsPattern("level > 50 +false +9 +50")
                        .containsPattern("steady > 5 +true +9 +5")
                        .contains("rules of revision ");
                assertThat(conjunct("explain", "Other", "--admin", admin.url()))
                        .satisfies(other -> assertThat(other.code()).isEqualTo(1))
                        .satisfies(other -> assertThat(other.out()).startsWith("there is no rule Other in revision "));

                Alert fired = alerts(prefix).get(0);
                Printed past = conjunct(
                        "explain",
                        fired.name(),
                        "--at",
                        Instant.ofEpochMilli(fired.atMillis()).toString(),
                        "--kafka",
                        broker.bootstrap(),
                        "--topic-prefix",
                        prefix,
                        "--tick",
                        "1s");
                assertThat(past.code()).as(past.err()).isZero();
                assertThat(past.out())
                        .startsWith("Both was firing at ")
                        .containsPattern("level > 5 +true +9 +5")
                        .containsPattern("steady > 5 +true +9 +5");
                assertThat(client.sent()).isPositive();
            }
        }
    }
}
