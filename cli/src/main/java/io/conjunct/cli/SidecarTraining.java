// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.demo.Demo;
import io.conjunct.cli.demo.ReadApi;
import io.conjunct.cli.embedded.DataDirectory;
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
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The training run of {@code conjunct ingest}, see {@link Training}: what is in its archive costs memory, so a sidecar
 * runs as it always does, in a process of its own, and writes down which classes it loads.
 */
final class SidecarTraining {
    /** An export request with one span. */
    private static final byte[] SPAN = Base64.getDecoder()
            .decode("CmwKHAoaCgxzZXJ2aWNlLm5hbWUSCgoIdHJhaW5pbmcSTBJKChABAgMEBQYHCAkKCwwNDg8QEggBAgMEBQYHCCoFdHJhaW4w"
                    + "AjkAypo7AAAAAEEAlDV3AAAAAEoRCgpodHRwLnJvdXRlEgMKAS8=");

    /** The series that is there as soon as spans have come by gRPC. */
    private static final String ACCEPTED = "conjunct_ingest_accepted_total{kind=\"span\",transport=\"grpc\"";

    private static final String READY = "\"ready\" : true";

    /** The last line of a start. */
    private static final String STARTED = "Started in";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private SidecarTraining() {}

    /**
     * Starts a sidecar that followed rules, sends it spans through each door, and ends it when it has forwarded them; then
     * one that finds the rules as another left them.
     *
     * @param classPath the sidecar's; this process has everything
     * @param list where the names of its classes go
     */
    static void run(Path directory, String classPath, Path list) throws IOException, InterruptedException {
        Path rules = new Demo(directory.resolve("demo"), System.out, false, false).writeRules();
        Path fresh = Files.createDirectories(directory.resolve("fresh"));
        writeFollowed(rules, fresh);
        Path known = Files.createDirectories(directory.resolve("known"));
        // With all that a start finds which is not the first.
        DataDirectory.open(known).close();
        var unused = new FollowedProfile(known.resolve(FollowedProfile.FILE)).begin(rules);
        Path again = directory.resolve("again.list");
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"))) {
            createTopic(broker.bootstrap());
            Process sidecar = sidecar(classPath, list, broker.bootstrap(), fresh, rules);
            try (BufferedReader log = sidecar.errorReader()) {
                use(started(log));
            } finally {
                // Forwards what is spooled before it ends.
                end(sidecar);
            }
            Process withKnownRules = sidecar(classPath, again, broker.bootstrap(), known, rules);
            try (BufferedReader log = withKnownRules.errorReader()) {
                started(log);
            } finally {
                end(withKnownRules);
            }
        }
        keepWhatCanBeArchived(list, again);
    }

    private static Process sidecar(String classPath, Path list, String bootstrap, Path data, Path rules)
            throws IOException {
        return java(
                "-XX:DumpLoadedClassList=" + list,
                "-Dslf4j.provider=" + LogsAtOnce.class.getName(),
                "-Dio.grpc.netty.shaded.io.netty.transport.noNative=true",
                "-cp",
                classPath,
                Conjunct.class.getName(),
                "ingest",
                "--kafka=" + bootstrap,
                "--data=" + data,
                "--rules=" + rules,
                "--admin-port=0",
                "--otlp-grpc-port=0",
                "--otlp-http-port=0");
    }

    private static void end(Process sidecar) throws InterruptedException {
        sidecar.destroy();
        sidecar.waitFor();
    }

    private static void writeFollowed(Path rules, Path data) throws IOException {
        List<RuleSource> sources = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(rules, "*.yaml")) {
            for (Path file : files) {
                sources.add(new RuleSource(file.toString(), Files.readString(file)));
            }
        }
        Files.write(data.resolve(FollowedProfile.FILE), new RuleUpdate("training", 0, sources).encode());
    }

    private static void createTopic(String bootstrap) throws IOException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            admin.createTopics(List.of(new NewTopic("conjunct.events", 1, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    /** All that it says until it has started. */
    private static String started(BufferedReader log) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            said.append(line).append('\n');
            if (line.contains(STARTED)) {
                return said.toString();
            }
        }
        throw new IOException("the sidecar did not start:\n" + said);
    }

    private static void use(String log) throws IOException {
        int admin = port(log, "status at http://");
        post(port(log, "OTLP/HTTP "));
        Process client = java(
                "-cp",
                System.getProperty("java.class.path"),
                ReadApi.class.getName(),
                "http://127.0.0.1:" + port(log, "OTLP/gRPC "));
        try {
            await(admin, "/metrics", ACCEPTED);
            await(admin, "/readyz", READY);
        } finally {
            client.destroy();
        }
    }

    private static int port(String log, String before) {
        return Integer.parseInt(log.replaceFirst("(?s).*" + before + "[^:\n]*:(\\d+).*", "$1"));
    }

    /**
     * Java links a class to archive a lambda that implements it; what picocli has was compiled for a Java so old that
     * it is archived only as long as it is not linked.
     */
    private static void keepWhatCanBeArchived(Path list, Path more) throws IOException {
        List<String> kept = Stream.concat(Files.readAllLines(list).stream(), Files.readAllLines(more).stream())
                .distinct()
                .filter(line -> !(line.startsWith("@lambda-proxy") && line.contains("picocli")))
                .toList();
        Files.write(list, kept);
    }

    private static void await(int port, String path, String expected) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!get(port, path).contains(expected)) {
            if (System.nanoTime() > end) {
                throw new IOException(path + " never said " + expected);
            }
        }
    }

    private static Process java(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // Options of the user's sidecar are not those of this one.
        builder.environment().keySet().removeIf(name -> name.startsWith("CONJUNCT_"));
        return builder.start();
    }

    private static void post(int port) throws IOException {
        String answer = exchange(
                port,
                "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: application/x-protobuf\r\nContent-Length: " + SPAN.length + "\r\n\r\n",
                SPAN);
        if (!answer.startsWith("HTTP/1.1 200")) {
            throw new IOException("answered " + answer.lines().findFirst().orElse("nothing"));
        }
    }

    private static String get(int port, String path) throws IOException {
        return exchange(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", new byte[0]);
    }

    private static String exchange(int port, String head, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
