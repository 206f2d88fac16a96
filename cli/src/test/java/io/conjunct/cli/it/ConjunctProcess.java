// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.sink.fakes.FakePagerDuty;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code conjunct run}, as this build packaged it, in a process of its own. Ports and data directory stay the same from one
 * start to the next, so clients find it again. Ticks of 1 s and 2 s of allowed lateness keep the tests short.
 */
final class ConjunctProcess implements AutoCloseable {
    /** Generous: the machine may be shared, and the first start of a build writes the launcher's class archive. */
    static final Duration PATIENCE = Duration.ofMinutes(6);

    private static final Path LAUNCHER =
            Path.of("target", "dist", "bin", "conjunct").toAbsolutePath();
    private static final String ROUTING_KEY = "0123456789abcdef0123456789abcdef";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Path directory;
    private final int adminPort;
    private final int grpcPort;
    private final int httpPort;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> options = new ArrayList<>();
    private String logPrefix = "";
    private int starts;
    private @Nullable Process process;

    /**
     * @param directory for rules, data and logs of this process
     */
    ConjunctProcess(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        Files.createDirectories(rules());
        List<Integer> ports = freePorts();
        adminPort = ports.get(0);
        grpcPort = ports.get(1);
        httpPort = ports.get(2);
    }

    /** A port that nothing listened on a moment ago. */
    static int freePort() throws IOException {
        return freePorts().get(0);
    }

    private static List<Integer> freePorts() throws IOException {
        // Held together, so that they differ.
        try (ServerSocket a = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket b = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket c = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return List.of(a.getLocalPort(), b.getLocalPort(), c.getLocalPort());
        }
    }

    /** Writes a rule file. */
    ConjunctProcess rule(String file, String yaml) throws IOException {
        Files.writeString(rules().resolve(file), yaml);
        return this;
    }

    /** Pages go there. */
    ConjunctProcess pages(FakePagerDuty pagerDuty) throws IOException {
        Path file = directory.resolve("receivers.yaml");
        Files.writeString(file, """
                receivers:
                  oncall: {pagerduty: {routing_key: "${env:ONCALL_KEY}", url: "%s"}}
                routes:
                  - {to: [oncall]}
                allow_hosts: [127.0.0.1]
                """.formatted(pagerDuty.url()));
        environment.put("ONCALL_KEY", ROUTING_KEY);
        return option("--receivers", file.toString());
    }

    /** Lets its logs begin with this, where another one has the same directory. */
    ConjunctProcess logNames(String prefix) {
        logPrefix = prefix + "-";
        return this;
    }

    /** More of the command line. */
    ConjunctProcess option(String name, String value) {
        options.add(name);
        options.add(value);
        return this;
    }

    Path rules() {
        return directory.resolve("rules");
    }

    Path data() {
        return directory.resolve("data");
    }

    /** Starts it and does not wait. */
    ConjunctProcess start() throws IOException {
        starts++;
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "run"));
        command.addAll(List.of("--rules", rules().toString(), "--data", data().toString()));
        command.addAll(List.of("--tick", "1s", "--allowed-lateness", "2s"));
        // The clients' own ledgers are compared with the topic, so nothing may be left out of it.
        command.add("--keep-all-events");
        command.addAll(List.of("--admin-port", Integer.toString(adminPort)));
        command.addAll(List.of("--otlp-grpc-port", Integer.toString(grpcPort)));
        command.addAll(List.of("--otlp-http-port", Integer.toString(httpPort)));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(log("stdout").toFile())
                .redirectError(log("stderr").toFile());
        builder.environment().putAll(environment);
        builder.environment().putIfAbsent("CONJUNCT_JAVA_OPTS", "-Xmx512m -XX:TieredStopAtLevel=1");
        process = builder.start();
        return this;
    }

    /**
     * Starts it and waits until {@code /readyz} says so.
     *
     * @return how long that took
     */
    Duration startAndAwaitReady() throws IOException {
        long begin = System.nanoTime();
        start();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            assertThat(running().isAlive()).as(this::stderr).isTrue();
            return isReady();
        });
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** What a supervisor does: SIGTERM. Returns the exit code. */
    int terminate() throws InterruptedException {
        running().destroy();
        return awaitExit();
    }

    /** What the kernel does: SIGKILL. */
    void kill() throws InterruptedException {
        running().destroyForcibly().waitFor();
    }

    /** Waits for it to end by itself. */
    int awaitExit() throws InterruptedException {
        assertThat(running().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(this::stderr)
                .isTrue();
        return running().exitValue();
    }

    private boolean isReady() {
        try {
            return get("readyz").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(admin(path))
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** What {@code /readyz} says. */
    String readyz() throws IOException {
        return get("readyz").body();
    }

    /** {@code POST /-/reload}. */
    HttpResponse<String> reload() throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(admin("-/reload"))
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** What an administrator does: SIGHUP. */
    void hangUp() throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-HUP", Long.toString(running().pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    URI admin(String path) {
        return URI.create("http://127.0.0.1:" + adminPort + "/" + path);
    }

    String otlpGrpc() {
        return "http://127.0.0.1:" + grpcPort;
    }

    URI otlpHttp(String path) {
        return URI.create("http://127.0.0.1:" + httpPort + path);
    }

    int adminPort() {
        return adminPort;
    }

    int grpcPort() {
        return grpcPort;
    }

    int httpPort() {
        return httpPort;
    }

    /** The embedded broker's address; another one after every start. */
    String bootstrap() throws IOException {
        JsonNode ready = JSON.readTree(get("readyz").body());
        String detail = ready.path("components").path("broker").path("detail").asText();
        return detail.substring(detail.indexOf("127.0.0.1:"));
    }

    /**
     * The sum of all series of a metric whose labels contain all these, as {@code name="value"}; empty when there is none.
     */
    OptionalDouble metric(String name, String... labels) throws IOException {
        Pattern line = Pattern.compile("^" + Pattern.quote(name) + "(\\{.*})? (\\S+)$", Pattern.MULTILINE);
        Matcher matcher = line.matcher(get("metrics").body());
        OptionalDouble sum = OptionalDouble.empty();
        while (matcher.find()) {
            String found = matcher.group(1) == null ? "" : matcher.group(1);
            if (List.of(labels).stream().allMatch(found::contains)) {
                sum = OptionalDouble.of(sum.orElse(0) + Double.parseDouble(matcher.group(2)));
            }
        }
        return sum;
    }

    /** What the last start wrote there. */
    String stderr() {
        return read(log("stderr"));
    }

    String stdout() {
        return read(log("stdout"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "cannot read " + file + ": " + e;
        }
    }

    private Path log(String name) {
        return directory.resolve(logPrefix + name + "-" + starts + ".log");
    }

    private Process running() {
        return requireNonNull(process, "start() comes first");
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
