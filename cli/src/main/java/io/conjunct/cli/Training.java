// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.demo.Demo;
import io.conjunct.cli.embedded.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts everything once in a temporary directory and stops it: the run from which the launcher has Java write its
 * archive of loaded classes, so that later starts load them ready-made. Not a command; only the launcher calls it, with
 * {@code all}; or with {@code ingest}, the sidecar's class path and a file for the list of the classes that it loads.
 */
final class Training {
    private Training() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Path directory = Files.createTempDirectory("conjunct-training");
        try {
            if (arguments[0].equals("ingest")) {
                SidecarTraining.run(directory, arguments[1], Path.of(arguments[2]));
            } else {
                everything(directory);
                // Help and parsing are what short commands load.
                Conjunct.commandLine().getUsageMessage();
                Conjunct.commandLine().parseArgs("run", "--tick", "1s");
            }
        } finally {
            delete(directory);
        }
    }

    private static void everything(Path directory) throws IOException {
        KafkaOptions kafka = new KafkaOptions();
        kafka.data.set(directory.resolve("data"));
        ServerOptions server = new ServerOptions();
        server.adminPort.set(0);
        IngestOptions ingest = new IngestOptions();
        ingest.grpcPort.set(0);
        ingest.httpPort.set(0);
        EngineOptions engine = new EngineOptions();
        engine.rules.set(new Demo(directory, System.out, false, false).writeRules());
        NodeStart start = new NodeStart();
        try {
            start.admin(server);
            DataDirectory data = start.data(kafka);
            new AllRoles(kafka, server, ingest, engine).start(start, data, SinkRole.inWords(), System.out);
            start.done();
        } finally {
            start.node().stop();
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
