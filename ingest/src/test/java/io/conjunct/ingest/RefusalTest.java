// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.ingest.metrics.Shaped;
import io.conjunct.ingest.metrics.Shaping;
import io.conjunct.ingest.spool.SpoolSettings;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A Kafka that is away is nobody's business; a full spool refuses at once; a request that comes again counts once. */
class RefusalTest {
    private static final byte[] REQUEST = traces(spans(500)).toByteArray();

    private static Span.Builder[] spans(int count) {
        Span.Builder[] spans = new Span.Builder[count];
        Arrays.setAll(spans, i -> span().setStartTimeUnixNano(Otlp.nanos(-130) - i * 7_919L));
        return spans;
    }

    @Test
    void fullSpool_refusesAtOnce_andRecoversWithoutRestart() {
        SidecarSettings settings = Fixture.settings();
        settings = settings.withSpool(
                SpoolSettings.in(settings.spool().directory()).withQuota(256 * 1024, Duration.ofDays(1)));
        try (Fixture fixture = new Fixture(settings)) {
            fixture.log.fail(true);
            int accepted = 0;
            HttpResponse<byte[]> response = fixture.postProtobuf("/v1/traces", REQUEST);
            while (response.statusCode() == 200) {
                accepted++;
                response = fixture.postProtobuf("/v1/traces", REQUEST);
            }
            assertThat(accepted).isBetween(20, 200);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).hasValue("10");
            assertThat(fixture.metric("spool_bytes")).isLessThanOrEqualTo(256 * 1024);
            long[] nanos = new long[50];
            for (int i = 0; i < nanos.length; i++) {
                long before = System.nanoTime();
                assertThat(fixture.postProtobuf("/v1/traces", REQUEST).statusCode())
                        .isEqualTo(503);
                nanos[i] = System.nanoTime() - before;
            }
            Arrays.sort(nanos);
            assertThat(Duration.ofNanos(nanos[nanos.length / 2])).isLessThan(Duration.ofMillis(50));
            assertThat(fixture.sidecar.notReady()).isPresent();
            fixture.log.fail(false);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> fixture.postProtobuf("/v1/traces", REQUEST).statusCode() == 200);
            int delivered = accepted + 1;
            await().untilAsserted(() -> assertThat(fixture.log.events()).isEqualTo(delivered * 500));
            fixture.assertIdentities();
        }
    }

    @Test
    void requestThatComesAgain_isAnsweredAndCountedOnce() {
        try (Fixture fixture = new Fixture(Fixture.settings().withDuplicateWindow(Duration.ofSeconds(60)))) {
            for (int i = 0; i < 5; i++) {
                assertThat(fixture.postProtobuf("/v1/traces", REQUEST).statusCode())
                        .isEqualTo(200);
            }
            assertThat(fixture.log.events()).isEqualTo(500);
            assertThat(fixture.metric("duplicate_requests")).isEqualTo(4);
            fixture.now = Fixture.NOW.plusSeconds(61);
            fixture.postProtobuf("/v1/traces", REQUEST);
            assertThat(fixture.log.events()).isEqualTo(1_000);
        }
    }

    @Test
    void requestThatFailed_isReadWhenItComesAgain() {
        try (Fixture fixture = new Fixture(Fixture.settings().withDuplicateWindow(Duration.ofSeconds(60)))) {
            fixture.disk.fail(true);
            assertThat(fixture.postProtobuf("/v1/traces", REQUEST).statusCode()).isEqualTo(503);
            fixture.disk.fail(false);
            await().until(() -> fixture.postProtobuf("/v1/traces", REQUEST).statusCode() == 200);
            assertThat(fixture.log.events()).isEqualTo(500);
        }
    }

    @Test
    void requestWhoseClientGaveUpOnASlowDisk_isCountedOnce() {
        SidecarSettings hurried = Fixture.settings()
                .withLimits(Duration.ofSeconds(1), 1024 * 1024, 256 * 1024, 1024 * 1024)
                .withDuplicateWindow(Duration.ofSeconds(60));
        try (Fixture fixture = new Fixture(hurried)) {
            fixture.disk.hold(true);
            assertThat(fixture.postProtobuf("/v1/traces", REQUEST).statusCode()).isEqualTo(503);
            CompletableFuture<Integer> again = CompletableFuture.supplyAsync(
                    () -> fixture.postProtobuf("/v1/traces", REQUEST).statusCode());
            fixture.disk.hold(false);
            assertThat(again.join()).isEqualTo(200);
            assertThat(fixture.log.events()).isEqualTo(500);
        }
    }

    @Test
    void attributeWithTooManyValues_isToldToItsTeamOncePerMinute_andNamedInTheStatus() {
        try (Fixture fixture = new Fixture()) {
            Span.Builder[] spans = spans(1_100);
            for (int i = 0; i < spans.length; i++) {
                spans[i].addAttributes(Otlp.attribute("http.route", "/secret/" + i));
            }
            byte[] flood = traces(spans).toByteArray();
            String warning = Fixture.text(fixture.postProtobuf("/v1/traces", flood));
            assertThat(warning).contains("http.route").doesNotContain("secret");
            assertThat(fixture.postProtobuf("/v1/traces", flood).body()).isEmpty();
            fixture.now = Fixture.NOW.plusSeconds(60);
            assertThat(Fixture.text(fixture.postProtobuf("/v1/traces", flood))).isEqualTo(warning);
            assertThat(fixture.sidecar.status().topShaped())
                    .containsOnlyKeys(new Shaped("checkout", "http.route", Shaping.TOO_MANY_VALUES));
            assertThat(fixture.log.events()).isEqualTo(3_300);
        }
    }
}
