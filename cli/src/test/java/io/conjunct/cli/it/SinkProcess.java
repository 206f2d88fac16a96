// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.awaitility.Awaitility.await;

import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import io.conjunct.record.Statement;
import io.conjunct.record.StatementJson;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** {@code conjunct sink} as a process of its own that is killed and started again, and a producer for its topics. */
final class SinkProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String bootstrap;
    private final Path directory;
    private final int adminPort;
    private final KafkaProducer<String, String> producer;
    private Process process;

    private SinkProcess(String bootstrap, Path directory) throws IOException {
        this.bootstrap = bootstrap;
        this.directory = directory;
        try (ServerSocket free = new ServerSocket(0)) {
            adminPort = free.getLocalPort();
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer());
        process = launch();
    }

    /** Returns when its topics exist. */
    static SinkProcess start(String bootstrap, Path directory) throws IOException {
        SinkProcess sink = new SinkProcess(bootstrap, directory);
        await().atMost(PATIENCE).until(() -> sink.topics().contains("conjunct.track-records"));
        return sink;
    }

    private Process launch() throws IOException {
        return conjunct(
                log(),
                "sink",
                "--kafka",
                bootstrap,
                "--admin-port",
                Integer.toString(adminPort),
                "--data",
                directory.resolve("sink").toString());
    }

    private static Process conjunct(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.conjunct.cli.Conjunct"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    /** What {@code conjunct verdict} with these arguments says to it. */
    String verdict(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "verdict", ".log");
        List<String> all = new ArrayList<>(List.of("verdict", "--server", "http://127.0.0.1:" + adminPort));
        all.addAll(List.of(arguments));
        conjunct(output, all.toArray(String[]::new)).waitFor();
        return Files.readString(output);
    }

    private Path log() {
        return directory.resolve("sink.log");
    }

    private Set<String> topics() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return admin.listTopics().names().get();
        }
    }

    /** Ends it without a warning, and starts it on the same data. */
    void restart() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        process = launch();
    }

    /** What the console was told, as JSON, each line once. */
    List<String> printed(Alert.State state, String tier) throws IOException {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> line.contains("\"state\":\"" + state.word() + "\",\"tier\":\"" + tier + "\""))
                    .distinct()
                    .toList();
        }
    }

    void alert(Alert alert) {
        send("alerts", alert.identity(), AlertJson.write(alert));
    }

    void said(String key, Statement statement) {
        send("verdicts", key, StatementJson.write(statement));
    }

    void send(String topic, String key, String value) {
        var unused = producer.send(new ProducerRecord<>("conjunct." + topic, key, value));
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() throws IOException {
        producer.close();
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
