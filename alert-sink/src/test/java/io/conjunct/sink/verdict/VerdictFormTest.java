// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.conjunct.record.MissedIncident;
import io.conjunct.record.Restoration;
import io.conjunct.record.Statement;
import io.conjunct.record.StatementJson;
import io.conjunct.record.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page's buttons work from the page, and from nowhere else. */
final class VerdictFormTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String GOOD = "token=secret&by=ada&say=noise+v1%3Aa";

    private final MockProducer<String, String> kafka =
            new MockProducer<>(true, null, new StringSerializer(), new StringSerializer());
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        server.createContext(
                "/verdict", new VerdictForm(new VerdictTopic(kafka, "verdicts"), "secret", InstantSource.fixed(NOW)));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String own() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private HttpResponse<String> post(String body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(own() + "/verdict")).POST(HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private List<Statement> said() throws IOException {
        List<Statement> said = new ArrayList<>();
        for (ProducerRecord<String, String> record : kafka.history()) {
            said.add(StatementJson.read(record.value()));
        }
        return said;
    }

    @Test
    void button_isAVerdict_andLeadsBackToThePage() throws Exception {
        HttpResponse<String> answer = post(GOOD, "Origin", own(), "Sec-Fetch-Site", "same-origin");

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/?by=ada");
        assertThat(said())
                .containsExactly(
                        Verdict.said("v1:a", Verdict.Kind.NOISE, "", "ada", NOW.toEpochMilli(), Verdict.Source.WEB));
    }

    @Test
    void duplicate_namesThePageItRepeats() throws Exception {
        assertThat(post("token=secret&by=ada&say=duplicate+v1%3Ab+v1%3Aa", "Origin", own())
                        .statusCode())
                .isEqualTo(303);
        assertThat(said())
                .containsExactly(Verdict.said(
                        "v1:b", Verdict.Kind.DUPLICATE, "v1:a", "ada", NOW.toEpochMilli(), Verdict.Source.WEB));
    }

    @Test
    void demotedRule_isRestored() throws Exception {
        assertThat(post("token=secret&by=ada&say=restore+Noisy+rule", "Origin", own())
                        .statusCode())
                .isEqualTo(303);
        assertThat(said()).containsExactly(new Restoration("Noisy rule", "ada", NOW.toEpochMilli()));
        assertThat(post("token=secret&say=restore+", "Origin", own()).statusCode())
                .isEqualTo(400);
    }

    @Test
    void incidentNobodyWasPagedFor_isRecorded() throws Exception {
        assertThat(post("token=secret&say=missed&missed=INC-7&rule=Checkout", "Origin", own())
                        .statusCode())
                .isEqualTo(303);
        assertThat(said()).containsExactly(new MissedIncident("INC-7", "Checkout", NOW.toEpochMilli()));
    }

    @ParameterizedTest
    @CsvSource({
        "token=secret&say=noise+v1:a, https://elsewhere.example, same-origin",
        "token=secret&say=noise+v1:a, null, same-origin",
        "token=secret&say=noise+v1:a, OWN, cross-site",
        "token=secret&say=noise+v1:a, OWN, none",
        "token=guess&say=noise+v1:a, OWN, same-origin",
        "say=noise+v1:a, OWN, same-origin",
        "token=secret%&say=noise+v1:a, OWN, same-origin"
    })
    void requests_thatAreNotOurPages_areRefused(String body, String origin, String site) throws Exception {
        assertThat(post(body, "Origin", origin.equals("OWN") ? own() : origin, "Sec-Fetch-Site", site)
                        .statusCode())
                .isEqualTo(403);
        assertThat(kafka.history()).isEmpty();
    }

    @Test
    void request_withoutAnOrigin_isRefused() throws Exception {
        assertThat(post(GOOD).statusCode()).isEqualTo(403);
        assertThat(kafka.history()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"nois+v1:a", "noise", "noise+", "noise+v1:a+v1:b", "duplicate+v1:a", "duplicate+v1:a+v1:a", "missed"})
    void nonsense_isTold(String say) throws Exception {
        assertThat(post("token=secret&say=" + say, "Origin", own()).statusCode())
                .isEqualTo(400);
        assertThat(post("token=secret&say=" + "x".repeat(9_000), "Origin", own())
                        .statusCode())
                .isEqualTo(413);
        assertThat(kafka.history()).isEmpty();
    }

    @Test
    void kafkaAway_isTold() throws Exception {
        kafka.sendException = new KafkaException("away");
        assertThat(post(GOOD, "Origin", own()).statusCode()).isEqualTo(503);
    }
}
