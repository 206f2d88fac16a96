// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

    private SidecarTraining() {}

    /** The broker: makes the topic, says where it is, and ends with its standard input. */
    public static void main(String[] arguments) throws IOException, ExecutionException, InterruptedException {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]));
                Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("conjunct.events", 1, (short) 1)))
                    .all()
                    .get();
            System.out.println(broker.bootstrap());
            while (System.in.read() >= 0) {}
        }
    }

    /** Starts a sidecar, sends it a span and waits until that is delivered. */
    static void run(Path directory) throws IOException {
        Process broker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SidecarTraining.class.getName(),
                        directory.resolve("broker").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = broker.inputReader()) {
            KafkaOptions kafka = new KafkaOptions();
            kafka.kafka = lines.readLine();
            kafka.data = directory.resolve("data");
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
                start.role(
                        "sidecar",
                        () -> SidecarRole.start(
                                kafka.kafka,
                                kafka,
                                data,
                                server,
                                ingest,
                                engine,
                                Optional.empty(),
                                start.registry(),
                                start::watch));
                start.done();
                String detail = start.node().components().get(2).detail();
                post(Integer.parseInt(detail.replaceFirst(".*OTLP/HTTP [^;]*:(\\d+).*", "$1")));
                get(admin.port());
            } finally {
                // Forwards what is spooled before it ends.
                start.node().stop();
            }
        } finally {
            broker.destroy();
        }
    }

    private static void post(int port) throws IOException {
        exchange(
                port,
                "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: application/x-protobuf\r\nContent-Length: " + SPAN.length + "\r\n\r\n",
                SPAN);
    }

    private static void get(int port) throws IOException {
        exchange(port, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", new byte[0]);
    }

    /** By hand, so that no client is in the archive. */
    private static void exchange(int port, String head, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("answered " + answer.lines().findFirst().orElse("nothing"));
            }
        }
    }
}
