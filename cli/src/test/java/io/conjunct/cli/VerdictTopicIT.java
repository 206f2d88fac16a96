// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import io.conjunct.backtest.Incident;
import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.record.MissedIncident;
import io.conjunct.record.Observation;
import io.conjunct.record.Statement;
import io.conjunct.record.StatementJson;
import io.conjunct.record.Verdict;
import io.conjunct.record.Verdict.Kind;
import io.conjunct.record.Verdict.Source;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code --incidents kafka:HOST:PORT}: what people said, from the topics, is what a backtest is judged by. */
final class VerdictTopicIT {
    private static final long MINUTE = 60_000;
    private static final String RULE = "SlowAndFailing";

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static KafkaProducer<String, String> producer;

    /** Pages in minutes 11, 26 and 36 and what was said about them, out of order and with a line that is none. */
    @BeforeAll
    static void say() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"));
        Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrap());
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(Stream.of("it.alerts", "it.verdicts", "it.deliveries")
                            .map(name -> new NewTopic(name, 1, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
        producer = new KafkaProducer<>(client, new StringSerializer(), new StringSerializer());
        said(verdict(11, Kind.NOISE, "", 40));
        said(verdict(11, Kind.INCIDENT, "", 41));
        said(verdict(26, Kind.INCIDENT, "", 42));
        said(verdict(26, Kind.NOISE, "", 43));
        said(verdict(27, Kind.DUPLICATE, episode(11), 44));
        // Nobody has said it: closed after minutes, so probably noise.
        said(new Verdict(
                episode(11),
                Kind.NOISE,
                "",
                false,
                "sink",
                at(50),
                Source.IMPLICIT,
                0.5,
                "closed without a word",
                Optional.empty()));
        said(new MissedIncident("INC-7", RULE, at(44)));
        send("it.verdicts", "no statement");
        said(new Observation(episode(11), Observation.What.ACKNOWLEDGED, "PD-1", "ada", at(13)));
        for (int minute : List.of(11, 26, 27, 36)) {
            send("it.alerts", AlertJson.write(alert(minute, State.FIRING, at(minute))));
            send("it.alerts", AlertJson.write(alert(minute, State.RESOLVED, at(minute + 4))));
            send(
                    "it.deliveries",
                    "{\"receiver\":\"oncall\",\"key\":\"" + episode(minute)
                            + "\",\"stage\":\"triggered\",\"at\":\"2026-03-01T09:" + minute + ":01Z\"}");
        }
        producer.flush();
    }

    @AfterAll
    static void close() throws Exception {
        producer.close();
        broker.close();
    }

    private static void said(Statement statement) {
        send("it.verdicts", StatementJson.write(statement));
    }

    private static void send(String topic, String value) {
        var unused = producer.send(new ProducerRecord<>(topic, "key", value));
    }

    private static long at(int minute) {
        return SlowTraces.START + minute * MINUTE;
    }

    private static String episode(int minute) {
        return Alert.episode(RULE, Map.of(), at(minute));
    }

    private static Verdict verdict(int page, Kind kind, String of, int minute) {
        return Verdict.said(episode(page), kind, of, "ada", at(minute), Source.COMMAND);
    }

    private static Alert alert(int minute, State state, long atMillis) {
        return new Alert(
                RULE,
                "read-api",
                state,
                Tier.PAGE,
                new TreeMap<>(),
                atMillis,
                at(minute),
                state == State.RESOLVED ? OptionalLong.of(atMillis) : OptionalLong.empty(),
                List.of(),
                episode(minute),
                "team",
                new TreeMap<>(),
                "",
                false,
                "r1",
                "v1",
                List.of(),
                Optional.empty(),
                false);
    }

    @Test
    void lastExplicitVerdict_andMissedIncidents_areTheIncidents() {
        List<Incident> incidents = IncidentsFrom.place("kafka:" + broker.bootstrap(), "it.");
        assertThat(incidents).extracting(Incident::id).containsExactly("PD-1", "INC-7");
        assertThat(incidents).extracting(Incident::startMillis).containsExactly(at(11), at(44));
        // The page that repeats it ends later.
        assertThat(incidents).extracting(Incident::endMillis).containsExactly(at(31), at(74));
        assertThat(incidents).extracting(Incident::rules).containsExactly(List.of(RULE), List.of(RULE));
    }

    @Test
    void backtest_isJudgedByThem() throws Exception {
        Path traces = directory.resolve("traces.jsonl");
        SlowTraces.write(traces);
        Path rules = Files.createDirectory(directory.resolve("rules"));
        Files.writeString(rules.resolve("read-api.yaml"), SlowTraces.RULES);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = command(out, err)
                .execute(
                        "backtest",
                        "--history",
                        traces.toString(),
                        "--rules",
                        rules.toString(),
                        "--topic-prefix",
                        "it.",
                        "--incidents",
                        "kafka:" + broker.bootstrap());
        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString()).contains("1 of 2 incidents caught").contains("SlowAndFailing missed INC-7");
    }

    @Test
    void wrongPrefix_isSaid() throws Exception {
        Path rules = Files.writeString(directory.resolve("one.yaml"), SlowTraces.RULES);
        StringWriter err = new StringWriter();
        int code = command(new StringWriter(), err)
                .execute(
                        "backtest",
                        "--history",
                        "none.events",
                        "--rules",
                        rules.toString(),
                        "--incidents",
                        "kafka:" + broker.bootstrap());
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("there is no topic conjunct.verdicts (wrong --topic-prefix?)");
    }

    private static CommandLine command(StringWriter out, StringWriter err) {
        return Conjunct.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    }
}
