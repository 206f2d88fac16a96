// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.ingest.spool.FaultPoint;
import io.opentelemetry.proto.trace.v1.Span;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sidecar as a whole: promises, batches, pressure, goodbye and the accounting identities. */
class SidecarTest {
    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void headers_ofAllBatches_areInSequenceAndPromiseTruly() {
        fixture.postProtobuf("/v1/traces", traces(span()).toByteArray());
        fixture.now = Fixture.NOW.plusSeconds(3);
        fixture.postProtobuf("/v1/traces", traces(span()).toByteArray());
        fixture.now = Fixture.NOW.minusSeconds(60);
        fixture.postProtobuf("/v1/traces", traces(span()).toByteArray());
        List<Header> headers =
                fixture.log.batches().stream().map(EventBatch::header).toList();
        long claim = Long.MIN_VALUE;
        for (int i = 0; i < headers.size(); i++) {
            Header header = headers.get(i);
            assertThat(header.sidecar()).isEqualTo("sidecar-1");
            assertThat(header.epoch()).isEqualTo(Fixture.NOW.toEpochMilli());
            assertThat(header.sequence()).isEqualTo(i + 1);
            assertThat(header.claimMillis()).isGreaterThanOrEqualTo(claim);
            assertThat(header.leaving()).isFalse();
            claim = header.claimMillis();
        }
        assertThat(claim).isEqualTo(Fixture.NOW.plusSeconds(3 - 10).toEpochMilli());
    }

    @Test
    void idleSidecar_sendsHeartbeats() {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(fixture.log.batches()).hasSizeGreaterThanOrEqualTo(2));
        assertThat(fixture.log.batches())
                .allSatisfy(batch -> assertThat(batch.events()).isZero());
        assertThat(fixture.sidecar.notReady()).isEmpty();
    }

    @Test
    void closing_sendsWhatIsThereAndSaysGoodbye() {
        fixture.postProtobuf("/v1/traces", traces(span()).toByteArray());
        fixture.sidecar.close();
        List<EventBatch> batches = fixture.log.batches();
        assertThat(fixture.log.events()).isEqualTo(1);
        assertThat(batches.get(batches.size() - 1).header().leaving()).isTrue();
        assertThat(batches.stream().filter(batch -> batch.header().leaving())).hasSize(1);
    }

    @Test
    void requestUnderWay_whenClosing_isStillAnswered() {
        fixture.disk.hold(true);
        CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() ->
                fixture.postProtobuf("/v1/traces", traces(span()).toByteArray()).statusCode());
        await().until(() -> fixture.metric("accepted") == 1);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(fixture.sidecar::close);
        fixture.disk.hold(false);
        assertThat(answer.join()).isEqualTo(200);
        closing.join();
        assertThat(fixture.log.events()).isEqualTo(1);
    }

    @Test
    void failingLog_isTheReasonNotToBeReady_butNoneToRefuse() {
        fixture.log.fail(true);
        assertThat(fixture.postProtobuf("/v1/traces", traces(span()).toByteArray())
                        .statusCode())
                .isEqualTo(200);
        await().untilAsserted(() -> assertThat(fixture.sidecar.notReady())
                .hasValue("Kafka did not take the last batch: IllegalStateException"));
        assertThat(fixture.metric("spooled")).isEqualTo(1);
        fixture.log.fail(false);
        assertThat(fixture.log.events()).isEqualTo(1);
        assertThat(fixture.sidecar.notReady()).isEmpty();
    }

    @Test
    void batchThatFailsWhereLaterOnesWouldNot_isNotOvertaken() {
        for (int failures = 1; failures <= 3; failures++) {
            fixture.log.fail(true);
            for (int i = 0; i < 20; i++) {
                assertThat(fixture.postProtobuf("/v1/traces", traces(span()).toByteArray())
                                .statusCode())
                        .isEqualTo(200);
            }
            fixture.log.failNext(failures);
            int all = failures * 20;
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(fixture.log.events()).isEqualTo(all));
        }
        assertThat(fixture.metric("dropped")).isZero();
        assertIdentities(fixture);
    }

    @Test
    void whileABacklogDrains_nothingOvertakesIt() {
        fixture.log.fail(true);
        for (int i = 0; i < 20; i++) {
            fixture.now = Fixture.NOW.plusSeconds(i);
            fixture.postProtobuf("/v1/traces", traces(span()).toByteArray());
        }
        fixture.now = Fixture.NOW.plusSeconds(100);
        fixture.log.fail(false);
        await().until(() -> {
            List<EventBatch> batches = fixture.log.batches();
            return batches.get(batches.size() - 1).events() == 0;
        });
        List<Header> headers =
                fixture.log.batches().stream().map(EventBatch::header).toList();
        for (int i = 1; i < headers.size(); i++) {
            assertThat(headers.get(i).sequence())
                    .isGreaterThan(headers.get(i - 1).sequence());
            assertThat(headers.get(i).claimMillis())
                    .isGreaterThanOrEqualTo(headers.get(i - 1).claimMillis());
        }
        assertThat(fixture.log.events()).isEqualTo(20);
    }

    @Test
    void portInUse_isNamedWithItsFlag() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> start(port, 0))
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining("--otlp-grpc-port");
            assertThatThrownBy(() -> start(0, port))
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining("--otlp-http-port");
        }
    }

    @Test
    void largeRequests_areSplitIntoBatchesThatFit() {
        fixture.sidecar.profile(IngestProfile.keepEverything());
        int requests = 30;
        for (int r = 0; r < requests; r++) {
            Span.Builder[] spans = new Span.Builder[200];
            for (int i = 0; i < spans.length; i++) {
                spans[i] = span();
                for (int a = 0; a < 8; a++) {
                    spans[i].addAttributes(Otlp.attribute("k" + a, ("ü" + (r * 200 + i) % 997).repeat(40)));
                }
            }
            assertThat(fixture.postProtobuf("/v1/traces", traces(spans).toByteArray())
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(fixture.log.encoded())
                .allSatisfy(batch -> assertThat(batch.length).isLessThanOrEqualTo(EventBatch.MAX_BYTES));
        assertThat(fixture.log.events()).isEqualTo(requests * 200);
    }

    @Test
    void tooMuchWaiting_isRefusedAtOnceAndRecovers() {
        Span.Builder[] spans = new Span.Builder[2_000];
        java.util.Arrays.setAll(spans, i -> span());
        byte[] request = traces(spans).toByteArray();
        SidecarSettings narrow = Fixture.settings().withLimits(Duration.ofSeconds(60), 1024 * 1024, 1024, 64 * 1024);
        try (Fixture small = new Fixture(narrow)) {
            small.disk.hold(true);
            List<CompletableFuture<Integer>> waiting = new ArrayList<>();
            // How many fit depends on how small they are encoded; a refusal must come before fifty do.
            while (small.metric("rejected", "overloaded") == 0) {
                assertThat(waiting).hasSizeLessThan(50);
                waiting.add(CompletableFuture.supplyAsync(
                        () -> small.postProtobuf("/v1/traces", request).statusCode(),
                        task -> new Thread(task).start()));
                int expected = waiting.size() * spans.length;
                await().until(() -> small.metric("accepted") + small.metric("rejected", "overloaded") == expected);
            }
            CompletableFuture<Integer> refused = waiting.remove(waiting.size() - 1);
            assertThat(refused.join()).as("answered while the disk still hangs").isEqualTo(503);
            assertThat(waiting).isNotEmpty().noneMatch(CompletableFuture::isDone);
            small.disk.hold(false);
            assertThat(waiting).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(200));
            assertThat(small.postProtobuf("/v1/traces", request).statusCode()).isEqualTo(200);
            assertIdentities(small);
        }
    }

    @Test
    void accounting_afterAllSortsOfRequests_adds_up() {
        fixture.postProtobuf(
                "/v1/traces", traces(span(), span(), span().clearTraceId()).toByteArray());
        fixture.postJson(
                "/v1/logs", "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{},{\"eventName\":\"e\"}]}]}]}");
        fixture.postProtobuf("/v1/traces", new byte[] {10, 50});
        fixture.disk.fail(true);
        fixture.postProtobuf("/v1/traces", traces(span()).toByteArray());
        fixture.disk.fail(false);
        await().until(() -> fixture.sidecar.notReady().isEmpty());
        fixture.postProtobuf("/v1/traces", traces(span()).toByteArray());
        assertThat(fixture.metric("received")).isEqualTo(7);
        assertThat(fixture.metric("received", "span", "http_protobuf")).isEqualTo(5);
        assertThat(fixture.metric("received", "log", "http_json")).isEqualTo(2);
        assertThat(fixture.metric("accepted")).isEqualTo(5);
        assertThat(fixture.log.events()).isEqualTo(4);
        assertThat(fixture.metric("delivered")).isEqualTo(4);
        assertThat(fixture.metric("dropped", "not_spooled")).isEqualTo(1);
        assertIdentities(fixture);
    }

    private static void assertIdentities(Fixture fixture) {
        await().untilAsserted(() -> {
            fixture.assertIdentities();
            assertThat(fixture.metric("spooled")).isZero();
            assertThat(fixture.metric("delivered")).isEqualTo(fixture.log.events());
        });
    }

    private static void start(int grpcPort, int httpPort) {
        SidecarSettings settings = Fixture.settings().withAddress("127.0.0.1", grpcPort, httpPort);
        Sidecar.start(settings, new PrometheusRegistry(), new MemoryLog(), java.time.Instant::now, FaultPoint.NONE)
                .close();
    }
}
