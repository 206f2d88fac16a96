// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The OpenTelemetry Collector as {@code benchmarks/peers/collector/build} makes it: OTLP receiver, batch processor, Kafka
 * exporter, all at their defaults but for addresses and the longest message.
 */
final class CollectorProcess implements AutoCloseable {
    static final String TOPIC = "otlp_spans";

    private static final Path BINARY =
            Path.of("benchmarks", "target", "peers", "collector", "collector").toAbsolutePath();

    private final Process process;
    private final int grpcPort;
    private final int httpPort;

    private CollectorProcess(Process process, int grpcPort, int httpPort) {
        this.process = process;
        this.grpcPort = grpcPort;
        this.httpPort = httpPort;
    }

    static boolean isBuilt() {
        return Files.isExecutable(BINARY);
    }

    /** @param persistent whether its queue is on disk, as its documentation recommends against loss */
    static CollectorProcess start(Path directory, String bootstrap, String topic, boolean persistent)
            throws IOException, InterruptedException {
        List<Integer> ports = Ports.free(2);
        int grpc = ports.get(0);
        int http = ports.get(1);
        Files.createDirectories(directory);
        Path queue = Files.createDirectories(directory.resolve("queue"));
        Path configuration = directory.resolve("collector.yaml");
        Files.writeString(configuration, """
                extensions:
                  file_storage:
                    directory: %s
                receivers:
                  otlp:
                    protocols:
                      grpc: {endpoint: "127.0.0.1:%d"}
                      http: {endpoint: "127.0.0.1:%d"}
                processors:
                  batch: {}
                exporters:
                  kafka:
                    brokers: ["%s"]
                    traces: {topic: %s}
                    # Its batches of 8,192 spans are longer than its default of 1 MB, so it would drop nearly all of them.
                    producer: {compression: lz4, max_message_bytes: 8000000}
                    %s
                service:
                  extensions: [%s]
                  telemetry: {metrics: {level: none}}
                  pipelines:
                    traces: {receivers: [otlp], processors: [batch], exporters: [kafka]}
                """.formatted(
                        queue,
                        grpc,
                        http,
                        bootstrap,
                        topic,
                        persistent ? "sending_queue: {storage: file_storage}" : "",
                        persistent ? "file_storage" : ""));
        Process process = new ProcessBuilder(BINARY.toString(), "--config=file:" + configuration)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("collector.log").toFile()))
                .start();
        Ports.awaitOpen(process, grpc, http);
        return new CollectorProcess(process, grpc, http);
    }

    Watched watched() {
        return new Watched(process.pid());
    }

    int httpPort() {
        return httpPort;
    }

    int grpcPort() {
        return grpcPort;
    }

    /** Waits until it has written nothing for two seconds. */
    void awaitQuiet(BrokerProcess broker) throws IOException, InterruptedException {
        awaitQuiet(broker, TOPIC, 2);
    }

    /** Waits until a topic has not grown for so long. */
    static void awaitQuiet(BrokerProcess broker, String topic, int seconds) throws IOException, InterruptedException {
        long before = -1;
        long now = broker.bytesOnDisk(topic);
        while (now != before) {
            TimeUnit.SECONDS.sleep(seconds);
            before = now;
            now = broker.bytesOnDisk(topic);
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
