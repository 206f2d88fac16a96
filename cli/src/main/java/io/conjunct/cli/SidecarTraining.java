// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.demo.Demo;
import io.conjunct.cli.demo.ReadApi;
import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.cli.reload.FollowedProfile;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.RuleSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The training run of {@code conjunct ingest}, see {@link Training}: what is in its archive costs memory, so the broker
 * that it delivers a span to is a process of its own.
 */
final class SidecarTraining {
    /** An export request with one span. */
    private static final byte[] SPAN = Base64.getDecoder()
            .decode("CmwKHAoaCgxzZXJ2aWNlLm5hbWUSCgoIdHJhaW5pbmcSTBJKChABAgMEBQYHCAkKCwwNDg8QEggBAgMEBQYHCCoFdHJhaW4w"
                    + "AjkAypo7AAAAAEEAlDV3AAAAAEoRCgpodHRwLnJvdXRlEgMKAS8=");

    /** The series that is there as soon as spans have come by gRPC. */
    private static final String ACCEPTED = "conjunct_ingest_accepted_total{kind=\"span\",transport=\"grpc\"";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private SidecarTraining() {}

    /**
     * What is in no archive: writes the rules that a sidecar has followed, starts a broker, makes the topic, says where it
     * is, and ends with its standard input.
     */
    public static void main(String[] arguments) throws IOException, ExecutionException, InterruptedException {
        writeFollowed(Path.of(arguments[1]));
        try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]));
                Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("conjunct.events", 1, (short) 1)))
                    .all()
                    .get();
            System.out.println(broker.bootstrap());
            while (System.in.read() >= 0) {}
        }
    }

    private static void writeFollowed(Path data) throws IOException {
        Path rules = new Demo(data.resolve("demo"), System.out, false, false).writeRules();
        List<RuleSource> sources = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(rules, "*.yaml")) {
            for (Path file : files) {
                sources.add(new RuleSource(file.toString(), Files.readString(file)));
            }
        }
        Files.write(data.resolve(FollowedProfile.FILE), new RuleUpdate("training", 0, sources).encode());
    }

    /**
     * Starts a sidecar that followed rules, sends it spans through each door and waits until they are delivered. The
     * client of gRPC, too, is a process of its own.
     *
     * @param everything the class path of those, which have what a sidecar has not
     */
    static void run(Path directory, String everything) throws IOException {
        Path followed = Files.createDirectories(directory.resolve("data"));
        Process broker = java(
                everything, SidecarTraining.class, directory.resolve("broker").toString(), followed.toString());
        try (BufferedReader lines = broker.inputReader()) {
            KafkaOptions kafka = new KafkaOptions();
            kafka.kafka = lines.readLine();
            kafka.data = followed;
            ServerOptions server = new ServerOptions();
            server.adminPort = 0;
            IngestOptions ingest = new IngestOptions();
            ingest.grpcPort = 0;
            ingest.httpPort = 0;
            EngineOptions engine = new EngineOptions();
            engine.rules = directory.resolve("rules");
            NodeStart start = new NodeStart();
            try {
                var admin = start.admin(server);
                var data = start.data(kafka);
                start.sidecar(() -> SidecarRole.open(
                        kafka.kafka, kafka, data, server, ingest, engine, Optional.empty(), start.registry()));
                start.done();
                String detail = start.node().components().get(2).detail();
                post(port(detail, "HTTP"));
                Process client = java(everything, ReadApi.class, "http://127.0.0.1:" + port(detail, "gRPC"));
                try {
                    awaitAccepted(admin.port());
                } finally {
                    client.destroy();
                }
            } finally {
                // Forwards what is spooled before it ends.
                start.node().stop();
            }
        } finally {
            broker.destroy();
        }
    }

    private static void awaitAccepted(int admin) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!get(admin).contains(ACCEPTED)) {
            if (System.nanoTime() > end) {
                throw new IOException("no span came by gRPC");
            }
        }
    }

    private static Process java(String classPath, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int port(String detail, String transport) {
        return Integer.parseInt(detail.replaceFirst(".*OTLP/" + transport + " [^;,]*:(\\d+).*", "$1"));
    }

    private static void post(int port) throws IOException {
        exchange(
                port,
                "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: application/x-protobuf\r\nContent-Length: " + SPAN.length + "\r\n\r\n",
                SPAN);
    }

    private static String get(int port) throws IOException {
        return exchange(port, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", new byte[0]);
    }

    /** By hand, so that no client is in the archive. */
    private static String exchange(int port, String head, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("answered " + answer.lines().findFirst().orElse("nothing"));
            }
            return answer;
        }
    }
}
