// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.event.EventBatch.Rows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people and programs get wrong, through the packaged product: the right answer, and nothing else is harmed. */
final class BadInputIT {
    private static final int CONFIGURATION = 78;
    private static final int USAGE = 2;
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String SPAN = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"careful"}}]},
             "scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",
             "name":"GET /doc","kind":2,"startTimeUnixNano":"%1$s000000","endTimeUnixNano":"%1$s000000"}]}]}]}""";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private ConjunctProcess conjunct;

    @BeforeEach
    void prepare() throws Exception {
        conjunct = new ConjunctProcess(directory).rule("careful.yaml", CachePathRules.of("careful"));
    }

    @AfterEach
    void stop() {
        conjunct.close();
    }

    @Test
    void badRequests_areAnsweredRight_andGoodOnesBetweenThemAreCounted() throws Exception {
        conjunct.startAndAwaitReady();
        assertThat(sendGood()).isEqualTo(200);
        assertThat(post(PROTOBUF, noise(10_000))).isEqualTo(400);
        assertThat(post("application/json", noise(10_000))).isEqualTo(400);
        assertThat(sendGood()).isEqualTo(200);
        assertThat(post("text/plain", noise(10))).isEqualTo(415);
        assertThat(post("/v1/nothing", PROTOBUF, BodyPublishers.ofByteArray(noise(10))))
                .isEqualTo(404);
        assertThat(post(PROTOBUF, new byte[64 * 1024 * 1024 + 1])).isEqualTo(413);
        assertThat(sendGood()).isEqualTo(200);
        sendNoiseTo(conjunct.grpcPort());
        sendNoiseTo(conjunct.httpPort());
        sendNoiseTo(conjunct.adminPort());
        assertThat(sendGood()).isEqualTo(200);

        await().atMost(ConjunctProcess.PATIENCE)
                .untilAsserted(() -> assertThat(new Log(conjunct.bootstrap())
                                .rows().stream().mapToInt(Rows::count).sum())
                        .isEqualTo(4));
        await().atMost(ConjunctProcess.PATIENCE)
                .untilAsserted(() -> assertThat(conjunct.metric("conjunct_engine_measured_events_total"))
                        .hasValue(4));
        assertThat(conjunct.metric("conjunct_ingest_requests_total", "outcome=\"malformed\""))
                .hasValue(2);
        assertThat(conjunct.metric("conjunct_ingest_requests_total", "outcome=\"too_large\""))
                .hasValue(1);
        assertThat(conjunct.stderr()).doesNotContain("\tat ");
        assertThat(conjunct.terminate()).isZero();
    }

    @Test
    void unknownKeyInARuleFile_isShownInItsPlaceWithTheNearestKey() throws Exception {
        conjunct.rule("typo.yaml", """
                groups:
                - name: typo
                  owner: docs-platform
                  signals:
                    reads: {mesure: count, of: span, over: 10s}
                """);
        assertRefused(
                CONFIGURATION,
                "typo.yaml:5:13: error: ",
                "5 |     reads: {mesure: count, of: span, over: 10s}",
                "  |             ^^^^^^",
                "`measure`");
    }

    @Test
    void rulesDirectoryThatIsMissing_isNamed() throws Exception {
        Files.delete(conjunct.rules().resolve("careful.yaml"));
        assertRefused(CONFIGURATION, conjunct.rules() + " has no *.yaml");
        Files.delete(conjunct.rules());
        assertRefused(CONFIGURATION, conjunct.rules() + " does not exist");
    }

    @Test
    void portThatIsTaken_isNamedWithItsOption() throws Exception {
        Map<String, Integer> ports = Map.of(
                "--admin-port", conjunct.adminPort(),
                "--otlp-grpc-port", conjunct.grpcPort(),
                "--otlp-http-port", conjunct.httpPort());
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            try (ServerSocket occupant = new ServerSocket(port.getValue(), 1, InetAddress.getLoopbackAddress())) {
                assertRefused(CONFIGURATION, ":" + occupant.getLocalPort(), "in use", port.getKey());
            }
        }
    }

    @Test
    void brokerThatIsNotThere_isNamed() throws Exception {
        String broker = "127.0.0.1:" + ConjunctProcess.freePort();
        conjunct.option("--kafka", broker);
        assertRefused(CONFIGURATION, "no Kafka broker answers at " + broker);
    }

    @Test
    void dataDirectoryOfAnotherVersion_isRefusedAndLeftAlone() throws Exception {
        Files.createDirectories(conjunct.data());
        Path format = conjunct.data().resolve("conjunct-data.json");
        String written = "{\"format\": 99, \"node\": \"other\"}\n";
        Files.writeString(format, written);
        assertRefused(CONFIGURATION, conjunct.data() + " has format 99", "reads and writes format 1", "--data");
        assertThat(format).hasContent(written);
    }

    @Test
    void dataDirectoryOfARunningConjunct_isRefused() throws Exception {
        conjunct.startAndAwaitReady();
        try (ConjunctProcess second = new ConjunctProcess(directory)) {
            second.logNames("second");
            assertRefused(second, CONFIGURATION, conjunct.data() + " is in use by another conjunct");
            assertThat(sendGood()).isEqualTo(200);
        }
    }

    @Test
    void mistypedOption_isWrongUsage() throws Exception {
        conjunct.option("--recievers", "x");
        assertRefused(USAGE, "--recievers", "--receivers");
    }

    @Test
    void mistypedReceiversFile_isShownInItsPlaceWithTheNearestKey() throws Exception {
        Path file = directory.resolve("mistyped.yaml");
        Files.writeString(file, "receivers: {out: {console: {}}}\nrouts: [{to: [out]}]\n");
        conjunct.option("--receivers", file.toString());
        assertRefused(CONFIGURATION, "mistyped.yaml:2:1: unknown key `routs`; did you mean `routes`?");
    }

    private void assertRefused(int code, String... message) throws Exception {
        assertRefused(conjunct, code, message);
    }

    /** It ends by itself with this code, says all of this, and shows nobody its stack. */
    private static void assertRefused(ConjunctProcess process, int code, String... message) throws Exception {
        assertThat(process.start().awaitExit()).as(process::stderr).isEqualTo(code);
        assertThat(process.stderr())
                .contains(Arrays.asList(message))
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
        assertThat(process.stdout()).isEmpty();
    }

    private int sendGood() throws Exception {
        String now = Long.toString(System.currentTimeMillis());
        return post("application/json", SPAN.formatted(now).getBytes(StandardCharsets.UTF_8));
    }

    private int post(String type, byte[] body) throws Exception {
        return post("/v1/traces", type, BodyPublishers.ofByteArray(body));
    }

    private int post(String path, String type, BodyPublisher body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(conjunct.otlpHttp(path))
                .header("Content-Type", type)
                .POST(body)
                .build();
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Whatever it answers, or nothing: the connection ends. */
    private static void sendNoiseTo(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(noise(100));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (java.net.SocketException e) {
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
        }
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
