// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.admin.AdminServer;
import io.conjunct.cli.demo.Demo;
import io.conjunct.cli.embedded.DataDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code conjunct demo}: a node of its own, a service that has a cold cache and then a slow one, and what they say. */
@Command(
        name = "demo",
        description = "Watch one incident: weather is ignored, one page goes out, it resolves. Two minutes.")
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--keep-running",
            description = "Stay up after the story, to look around and to send telemetry of your own.")
    private boolean keepRunning;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where rules, logs and the broker's data are kept (default: a temporary directory, of which"
                    + " rules and logs stay).")
    private Optional<Path> data = Optional.empty();

    private volatile int code = Conjunct.EXIT_FINDINGS;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory =
                data.isPresent() ? Files.createDirectories(data.get()) : Files.createTempDirectory("conjunct-demo-");
        // The console belongs to the story.
        Logs.toFile(directory.resolve("conjunct.log"));
        NodeStart start = new NodeStart();
        Termination.drain(start.node(), () -> code);
        boolean terminal = Boolean.getBoolean("conjunct.terminal");
        Demo demo = new Demo(directory, System.out, terminal, terminal && System.getenv("NO_COLOR") == null);
        demo.introduce();
        try {
            tell(demo, directory, start);
        } finally {
            Termination.disarm();
            start.node().stop();
            if (data.isEmpty()) {
                delete(directory.resolve("node"));
            }
        }
        return code;
    }

    private void tell(Demo demo, Path directory, NodeStart start) throws IOException, InterruptedException {
        KafkaOptions kafka = new KafkaOptions();
        kafka.data.set(directory.resolve("node"));
        EngineOptions engine = new EngineOptions();
        engine.rules.set(demo.writeRules());
        engine.tick.set(Duration.ofSeconds(1));
        engine.allowedLateness.set(Duration.ofSeconds(2));
        ServerOptions server = new ServerOptions();
        server.adminPort.set(freePort(server.adminPort.get()));
        IngestOptions ingest = new IngestOptions();
        ingest.grpcPort.set(freePort(ingest.grpcPort.get()));
        ingest.httpPort.set(freePort(ingest.httpPort.get()));

        AdminServer admin = start.admin(server).await();
        DataDirectory owned = start.data(kafka);
        NodeStart.Broker broker =
                new AllRoles(kafka, server, ingest, engine).start(start, owned, SinkRole.inWords(), demo.messages());
        start.done();

        String endpoint = "http://127.0.0.1:" + ingest.grpcPort.get();
        boolean asTold = demo.tell(new Demo.Running(
                broker.bootstrap(), kafka.topicPrefix.get() + "alerts", endpoint, admin.url(), start.registry()));
        code = asTold ? Conjunct.EXIT_OK : Conjunct.EXIT_FINDINGS;
        demo.farewell(keepRunning, admin.url(), endpoint);
        if (keepRunning) {
            Termination.await();
        }
    }

    /** The usual port, or another one where it is taken: a demonstration should not fail because of a neighbour. */
    private static int freePort(int usual) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), usual));
            return usual;
        } catch (IOException e) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
