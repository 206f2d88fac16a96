// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.conjunct.ingest.server.ClientToken;
import io.conjunct.ingest.server.PemFiles;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Fault F8: strangers and greedy clients are turned away, on both doors, and no secret is told. */
class SecurityTest {
    private static final String TOKEN = "canary-token-that-is-long-enough";
    private static final byte[] REQUEST = traces(span()).toByteArray();

    @TempDir
    private Path directory;

    private static HttpResponse<byte[]> post(Fixture fixture, String authorization) {
        return fixture.send(fixture.request("/v1/traces")
                .header("Content-Type", "application/x-protobuf")
                .header("Authorization", authorization)
                .POST(BodyPublishers.ofByteArray(REQUEST))
                .build());
    }

    @Test
    void tokens_areAskedForOnBothDoors_andMayChange() {
        Security security = Security.none().withTokens(new ClientToken("shop", TOKEN, 0, 0));
        try (Fixture fixture = new Fixture(Fixture.settings().withSecurity(security))) {
            assertThat(post(fixture, "Bearer " + TOKEN).statusCode()).isEqualTo(200);
            assertThat(post(fixture, "bearer  " + TOKEN).statusCode()).isEqualTo(200);
            for (String wrong : new String[] {TOKEN, "Basic " + TOKEN, "Bearer " + TOKEN + "x", "Bearer "}) {
                assertThat(post(fixture, wrong).statusCode()).as(wrong).isEqualTo(401);
            }
            assertThat(fixture.postProtobuf("/v1/traces", REQUEST).statusCode()).isEqualTo(401);
            ManagedChannel channel = Grpc.newChannelBuilder(
                            "127.0.0.1:" + fixture.sidecar.grpcPort(), io.grpc.InsecureChannelCredentials.create())
                    .build();
            assertThat(code(channel, "Bearer wrong")).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(code(channel, "Bearer " + TOKEN)).isEqualTo(Status.Code.OK);
            fixture.sidecar.tokens(List.of(new ClientToken("shop", "the-next-token-of-the-shop", 0, 0)));
            assertThat(code(channel, "Bearer " + TOKEN)).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(post(fixture, "Bearer " + TOKEN).statusCode()).isEqualTo(401);
            assertThat(post(fixture, "Bearer the-next-token-of-the-shop").statusCode())
                    .isEqualTo(200);
            channel.shutdownNow();
            assertThat(fixture.log.events()).isEqualTo(4);
        }
    }

    @Test
    void tokenThatSentItsShare_isToldToComeBack() {
        Security security = Security.none()
                .withTokens(new ClientToken("shop", TOKEN, 20, 0), new ClientToken("bank", TOKEN + "2", 20, 0));
        try (Fixture fixture = new Fixture(Fixture.settings().withSecurity(security))) {
            HttpResponse<byte[]> response = post(fixture, "Bearer " + TOKEN);
            for (int i = 0; i < 100 && response.statusCode() == 200; i++) {
                response = post(fixture, "Bearer " + TOKEN);
            }
            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers()
                            .firstValue("Retry-After")
                            .map(Integer::valueOf)
                            .orElse(0))
                    .isBetween(1, 30);
            assertThat(post(fixture, "Bearer " + TOKEN + "2").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void sdk_overTlsWithATokenAndACertificate_isServedOnBothDoors() throws Exception {
        Certificates certificates = new Certificates(directory);
        certificates.issue("server", 1, 10);
        certificates.issue("client", 1, 10);
        certificates.issue("expired", 10, 5);
        try (Fixture fixture = new Fixture(Fixture.settings()
                .withSecurity(Security.none()
                        .withTls(files(certificates, true))
                        .withTokens(new ClientToken("shop", TOKEN, 0, 0))))) {
            byte[] authority = Files.readAllBytes(certificates.certificate("ca"));
            byte[] key = Files.readAllBytes(certificates.key("client"));
            byte[] certificate = Files.readAllBytes(certificates.certificate("client"));
            for (String token : new String[] {TOKEN, "wrong-" + TOKEN}) {
                SpanExporter grpc = OtlpGrpcSpanExporter.builder()
                        .setEndpoint("https://localhost:" + fixture.sidecar.grpcPort())
                        .setTrustedCertificates(authority)
                        .setClientTls(key, certificate)
                        .addHeader("Authorization", "Bearer " + token)
                        .build();
                SpanExporter http = OtlpHttpSpanExporter.builder()
                        .setEndpoint("https://localhost:" + fixture.sidecar.httpPort() + "/v1/traces")
                        .setTrustedCertificates(authority)
                        .setClientTls(key, certificate)
                        .addHeader("Authorization", "Bearer " + token)
                        .build();
                assertThat(export(grpc)).isEqualTo(token.equals(TOKEN));
                assertThat(export(http)).isEqualTo(token.equals(TOKEN));
            }
            assertThat(fixture.metric("requests", "grpc", "unauthenticated")).isEqualTo(1);
            assertThat(fixture.metric("requests", "http_protobuf", "unauthenticated"))
                    .isEqualTo(1);
            assertThat(fixture.log.events()).isEqualTo(2);
            assertThatThrownBy(() -> https(fixture, certificates.client("expired")))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> https(fixture, certificates.client(null))).isInstanceOf(IOException.class);
            assertThat(https(fixture, certificates.client("client"))).isEqualTo(401);
            ManagedChannel expired = Grpc.newChannelBuilder(
                            "localhost:" + fixture.sidecar.grpcPort(),
                            TlsChannelCredentials.newBuilder()
                                    .keyManager(
                                            certificates.certificate("expired").toFile(),
                                            certificates.key("expired").toFile())
                                    .trustManager(certificates.certificate("ca").toFile())
                                    .build())
                    .build();
            assertThat(code(expired, "Bearer " + TOKEN)).isEqualTo(Status.Code.UNAVAILABLE);
            expired.shutdownNow();
            assertThat(fixture.log.events()).isEqualTo(2);
        }
    }

    @Test
    void neitherTokensNorPayloads_areEverLogged() throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        lines.start();
        root.addAppender(lines);
        root.setLevel(Level.DEBUG);
        ClientToken token = new ClientToken("shop", TOKEN, 1_000_000, 0);
        Security security = Security.none().withTokens(token);
        try (Fixture fixture = new Fixture(Fixture.settings().withSecurity(security))) {
            fixture.defect = true;
            post(fixture, "Bearer " + TOKEN);
            fixture.defect = false;
            post(fixture, "Bearer canary-of-a-stranger");
            fixture.send(fixture.request("/v1/traces?canary=1")
                    .header("Content-Type", "application/json")
                    .header("Authorization", "Bearer " + TOKEN)
                    .POST(BodyPublishers.ofString("{\"resourceSpans\":[{\"canary\":\"canary-payload"))
                    .build());
            fixture.disk.fail(true);
            post(fixture, "Bearer " + TOKEN);
            fixture.disk.fail(false);
        } finally {
            root.setLevel(before);
            root.detachAppender(lines);
        }
        assertThat(lines.list).isNotEmpty();
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(line -> line.contains("canary"));
        assertThat(security + " " + token + Fixture.settings().withSecurity(security))
                .doesNotContain("canary");
    }

    private static PemFiles files(Certificates certificates, boolean clientsShowThemselves) throws Exception {
        return new PemFiles(
                certificates.certificate("server"),
                certificates.key("server"),
                clientsShowThemselves ? Optional.of(certificates.certificate("ca")) : Optional.empty());
    }

    /** Whether a span of the SDK arrived. */
    private static boolean export(SpanExporter exporter) {
        Queue<SpanData> ended = new ConcurrentLinkedQueue<>();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(new Collecting(ended))
                .build()) {
            provider.get("test").spanBuilder("GET /cart").startSpan().end();
            return exporter.export(ended).join(20, TimeUnit.SECONDS).isSuccess();
        } finally {
            exporter.shutdown();
        }
    }

    private static Status.Code code(Channel channel, String authorization) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
        try {
            TraceServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .export(traces(span()));
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    private static int https(Fixture fixture, SSLContext context) throws Exception {
        HttpClient client = HttpClient.newBuilder().sslContext(context).build();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + fixture.sidecar.httpPort() + "/v1/traces"))
                .header("Content-Type", "application/x-protobuf")
                .POST(BodyPublishers.ofByteArray(REQUEST))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** Keeps what ended. */
    private record Collecting(Queue<SpanData> ended) implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            ended.add(span.toSpanData());
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
