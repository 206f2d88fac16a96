// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** {@code conjunct ingest} as it is shipped: the launcher's flags, its archive of classes, a data directory of its own. */
final class SidecarProcess implements AutoCloseable {
    private static final Path LAUNCHER =
            Path.of("cli", "target", "dist", "bin", "conjunct").toAbsolutePath();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Process process;
    private final int adminPort;
    private final int grpcPort;
    private final int httpPort;
    private final Duration startTime;

    private SidecarProcess(Process process, int admin, int grpc, int http, Duration startTime) {
        this.process = process;
        this.adminPort = admin;
        this.grpcPort = grpc;
        this.httpPort = http;
        this.startTime = startTime;
    }

    /** What a sidecar knows of rules when it starts. */
    enum Rules {
        NONE("without rules"),
        /** The mix's, as it keeps what was published when it last looked. */
        FOLLOWED("with rules followed before"),
        /** The mix's, in a directory. */
        DIRECTORY("with --rules=DIR");

        final String words;

        Rules(String words) {
            this.words = words;
        }
    }

    /** Starts it with rules it followed and returns when both of its OTLP ports answer. */
    static SidecarProcess start(Path directory, String bootstrap) throws IOException, InterruptedException {
        return start(directory, bootstrap, Rules.FOLLOWED);
    }

    /** The same as a user has it who starts it once more in the same place. */
    static SidecarProcess start(Path directory, String bootstrap, Rules rules)
            throws IOException, InterruptedException {
        Path data = Files.createDirectories(directory.resolve("data"));
        List<Integer> ports = Ports.free(3);
        List<String> command = new ArrayList<>(List.of(
                LAUNCHER.toAbsolutePath().toString(),
                "ingest",
                "--kafka=" + bootstrap,
                "--data=" + data,
                "--admin-port=" + ports.get(0),
                "--otlp-grpc-port=" + ports.get(1),
                "--otlp-http-port=" + ports.get(2)));
        if (rules == Rules.FOLLOWED) {
            Files.write(data.resolve("rules.followed"), published().encode());
        } else if (rules == Rules.DIRECTORY) {
            Path files = Files.createDirectories(directory.resolve("files"));
            Files.writeString(files.resolve("mix.yaml"), mix());
            command.add("--rules=" + files);
        }
        // Elsewhere it would take a directory "rules" that happens to be there for its own.
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("sidecar.log").toFile()));
        long begin = System.nanoTime();
        Process process = builder.start();
        Ports.awaitOpen(process, ports.get(1), ports.get(2));
        return new SidecarProcess(
                process, ports.get(0), ports.get(1), ports.get(2), Duration.ofNanos(System.nanoTime() - begin));
    }

    private static RuleUpdate published() throws IOException {
        return new RuleUpdate("mix", 0, List.of(new RuleSource("mix.yaml", mix())));
    }

    private static String mix() throws IOException {
        try (InputStream mix = Objects.requireNonNull(SidecarProcess.class.getResourceAsStream("mix.yaml"))) {
            return new String(mix.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** From the launcher's first instruction to both ports open. */
    Duration startTime() {
        return startTime;
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

    /** The sum over all series of a metric, {@code conjunct_ingest_} left out; zero when there is none. */
    double metric(String name) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/metrics"))
                .timeout(Duration.ofSeconds(30))
                .build();
        String text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        String full = "conjunct_ingest_" + name;
        return text.lines()
                .filter(line -> line.startsWith(full + " ") || line.startsWith(full + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Waits until everything accepted is in Kafka. */
    void awaitDrained(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (metric("spooled") > 0) {
            if (System.nanoTime() > deadline) {
                throw new IOException("not drained: " + metric("spooled") + " events are still spooled");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** What every run ends with; what does not balance is a failure of the run. */
    void requireBalance() throws IOException, InterruptedException {
        double received = metric("received_total");
        double accepted = metric("accepted_total");
        double rejected = metric("rejected_total");
        double recovered = metric("recovered_total");
        double delivered = metric("delivered_total");
        double spooled = metric("spooled");
        double dropped = metric("dropped_total");
        if (received != accepted + rejected || accepted + recovered != delivered + spooled + dropped) {
            throw new IllegalStateException("books do not balance: received " + received + ", accepted " + accepted
                    + ", rejected " + rejected + ", recovered " + recovered + ", delivered " + delivered + ", spooled "
                    + spooled + ", dropped " + dropped);
        }
    }

    /** Ends at once, as the kernel's killer does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
