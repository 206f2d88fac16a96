// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.ingest.server.ClientToken;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who has to wait when room is scarce: the loud before the quiet. */
class FairnessTest {
    private static final String LOUD = "Bearer the-token-of-the-loud";
    private static final String QUIET = "Bearer the-token-of-the-quiet";
    private static final byte[] SMALL = traces(span()).toByteArray();

    private static SidecarSettings settings() {
        SidecarSettings base = Fixture.settings();
        return base.withSpool(base.spool().withQuota(512 * 1024, Duration.ofDays(1)))
                .withSecurity(Security.none()
                        .withTokens(
                                new ClientToken("loud", LOUD.substring(7), 0, 0),
                                new ClientToken("quiet", QUIET.substring(7), 0, 0)));
    }

    @Test
    void whileTheSpoolIsAlmostFull_theLoudClientIsRefused_andTheQuietOneServed() {
        try (Fixture fixture = new Fixture(settings())) {
            fixture.log.fail(true);
            assertThat(post(fixture, QUIET, SMALL).statusCode()).isEqualTo(200);
            HttpResponse<byte[]> answer = post(fixture, LOUD, large());
            for (int i = 0; i < 300 && answer.statusCode() == 200; i++) {
                answer = post(fixture, LOUD, large());
            }
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers()
                            .firstValue("Retry-After")
                            .map(Integer::valueOf)
                            .orElse(0))
                    .isBetween(1, 30);
            assertThat(fixture.metric("requests", "over_share")).isEqualTo(1);
            for (int i = 0; i < 20; i++) {
                assertThat(post(fixture, QUIET, SMALL).statusCode()).isEqualTo(200);
                assertThat(post(fixture, LOUD, large()).statusCode()).isEqualTo(503);
            }
            assertThat(fixture.metric("requests", "unavailable")).isZero();
            fixture.log.fail(false);
            assertThat(fixture.log.events()).isPositive();
            assertThat(post(fixture, LOUD, large()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void onlyClient_mayFillTheSpoolToItsEnd() {
        try (Fixture fixture = new Fixture(settings())) {
            fixture.log.fail(true);
            HttpResponse<byte[]> answer = post(fixture, LOUD, large());
            for (int i = 0; i < 300 && answer.statusCode() == 200; i++) {
                answer = post(fixture, LOUD, large());
            }
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(fixture.metric("requests", "over_share")).isZero();
            assertThat(fixture.metric("requests", "unavailable")).isEqualTo(1);
        }
    }

    @Test
    void quotaOfEvents_countsEvents_andSaysWhenToComeBack() {
        SidecarSettings settings = Fixture.settings()
                .withSecurity(Security.none().withTokens(new ClientToken("loud", LOUD.substring(7), 0, 1)));
        try (Fixture fixture = new Fixture(settings)) {
            assertThat(post(fixture, LOUD, traces(spans(25)).toByteArray()).statusCode())
                    .isEqualTo(200);
            HttpResponse<byte[]> answer = post(fixture, LOUD, SMALL);
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers()
                            .firstValue("Retry-After")
                            .map(Integer::valueOf)
                            .orElse(0))
                    .isBetween(10, 15);
        }
    }

    /** Names that do not repeat, which is what fills a spool. */
    private static byte[] large() {
        Span.Builder[] spans = spans(40);
        for (Span.Builder span : spans) {
            for (String key : new String[] {"a", "b", "c", "d"}) {
                span.addAttributes(
                        Otlp.attribute(key, UUID.randomUUID().toString().repeat(6)));
            }
        }
        return traces(spans).toByteArray();
    }

    private static Span.Builder[] spans(int count) {
        Span.Builder[] spans = new Span.Builder[count];
        for (int i = 0; i < count; i++) {
            spans[i] = span();
        }
        return spans;
    }

    private static HttpResponse<byte[]> post(Fixture fixture, String authorization, byte[] body) {
        return fixture.send(fixture.request("/v1/traces")
                .header("Content-Type", "application/x-protobuf")
                .header("Authorization", authorization)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }
}
