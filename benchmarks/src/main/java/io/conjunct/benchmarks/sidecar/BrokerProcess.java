// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.cli.embedded.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** A real broker in a process of its own, so that its CPU and memory are not ours, and so that it can be away. */
final class BrokerProcess implements AutoCloseable {
    static final String EVENTS = "conjunct.events";

    private final Path directory;
    private final int port;
    private Optional<Process> process = Optional.empty();

    private BrokerProcess(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** Starts one with the topics of these names, four partitions each. */
    static BrokerProcess start(Path directory, String... topics)
            throws IOException, InterruptedException, ExecutionException {
        int port = Ports.free(1).get(0);
        BrokerProcess broker = new BrokerProcess(directory, port);
        broker.comeBack();
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
            List<NewTopic> fresh = Stream.of(topics)
                    .map(topic -> new NewTopic(topic, 4, (short) 1).configs(Map.of("max.message.bytes", "8388608")))
                    .toList();
            admin.createTopics(fresh).all().get();
        }
        return broker;
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Ends at once, as a machine does. */
    void goAway() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroyForcibly().waitFor();
            process = Optional.empty();
        }
    }

    /** Starts again where it ended. */
    void comeBack() throws IOException {
        Process started = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx320m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        directory.toString(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.to(
                        directory.resolveSibling("broker.log").toFile()))
                .start();
        BufferedReader out = started.inputReader();
        String line = out.readLine();
        while (line != null && !line.equals("ready")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the broker did not start, see " + directory.resolveSibling("broker.log"));
        }
        process = Optional.of(started);
    }

    /** What the partitions of a topic hold on the broker's disk. */
    long bytesOnDisk(String topic) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long bytes = 0;
            for (Path file : files.filter(each -> each.toString().endsWith(".log")
                            && each.getName(each.getNameCount() - 2).toString().startsWith(topic + "-"))
                    .toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }

    @Override
    public void close() throws InterruptedException {
        goAway();
    }

    /** The process itself; ends with its standard input. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (DataDirectory data = DataDirectory.open(Path.of(args[0]));
                EmbeddedBroker broker = EmbeddedBroker.start(data, Integer.parseInt(args[1]))) {
            System.out.println("ready");
            while (System.in.read() >= 0) {
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }
}
