// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.cli.embedded.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A broker in a process of its own, to be killed, started again where it was, and held up. */
final class BrokerProcess implements AutoCloseable {
    private final Path directory;
    private final int port;
    private Process process;

    private BrokerProcess(Path directory, int port) throws IOException {
        this.directory = directory;
        this.port = port;
        this.process = launch();
    }

    /** With the topic of events, one partition. */
    static BrokerProcess start(Path directory) throws IOException, ExecutionException, InterruptedException {
        BrokerProcess broker = new BrokerProcess(directory, ConjunctProcess.freePort());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("conjunct.events", 1, (short) 1)))
                    .all()
                    .get();
        }
        return broker;
    }

    private Process launch() throws IOException {
        Process started = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        directory.toString(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader lines = started.inputReader();
        if (!"ready".equals(lines.readLine())) {
            throw new IOException("the broker did not start");
        }
        return started;
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void startAgain() throws IOException {
        process = launch();
    }

    /** STOP holds it up, CONT lets it go on. */
    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    /** The process itself; ends with its standard input. */
    public static void main(String[] args) throws IOException {
        try (DataDirectory data = DataDirectory.open(Path.of(args[0]));
                EmbeddedBroker broker = EmbeddedBroker.start(data, Integer.parseInt(args[1]))) {
            System.out.println("ready");
            while (System.in.read() >= 0) {}
        }
    }
}
