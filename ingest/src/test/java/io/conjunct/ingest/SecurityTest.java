// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.ingest.server.PemFiles;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault F8 and F2: strangers, greedy clients and bombs are turned away, on both doors. */
class SecurityTest {
    private static final String TOKEN = "a-token-that-is-long-enough";
    private static final char[] PASSWORD = "password".toCharArray();
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
    void tokens_areAskedForOnBothDoors() {
        Security security = Security.none().withTokens(Map.of("shop", TOKEN), 0);
        assertThat(security.toString()).doesNotContain(TOKEN);
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
            channel.shutdownNow();
            assertThat(fixture.log.events()).isEqualTo(3);
        }
    }

    @Test
    void tokenThatSentItsShare_isToldToComeBack() {
        Security security = Security.none().withTokens(Map.of("shop", TOKEN, "bank", TOKEN + "2"), 20);
        try (Fixture fixture = new Fixture(Fixture.settings().withSecurity(security))) {
            HttpResponse<byte[]> response = post(fixture, "Bearer " + TOKEN);
            for (int i = 0; i < 100 && response.statusCode() == 200; i++) {
                response = post(fixture, "Bearer " + TOKEN);
            }
            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(post(fixture, "Bearer " + TOKEN + "2").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void bodyThatUnpacksAHundredfold_isTooLarge() {
        SidecarSettings roomy = Fixture.settings()
                .withLimits(java.time.Duration.ofSeconds(10), 16 * 1024 * 1024, 256 * 1024, 4 * 1024 * 1024);
        try (Fixture fixture = new Fixture(roomy)) {
            byte[] bomb = Fixture.gzip(new byte[6 * 1024 * 1024]);
            HttpResponse<byte[]> response = fixture.send(fixture.request("/v1/traces")
                    .header("Content-Type", "application/x-protobuf")
                    .header("Content-Encoding", "gzip")
                    .POST(BodyPublishers.ofByteArray(bomb))
                    .build());
            assertThat(response.statusCode()).isEqualTo(413);
        }
    }

    @Test
    void tls_withClientCertificates_letsInOnlyThoseWhoShowOne() throws Exception {
        KeyStore store = keys();
        PemFiles files = new PemFiles(
                pem("cert.pem", "CERTIFICATE", store.getCertificate("k").getEncoded()),
                pem("key.pem", "PRIVATE KEY", store.getKey("k", PASSWORD).getEncoded()),
                Optional.of(directory.resolve("cert.pem")));
        try (Fixture fixture =
                new Fixture(Fixture.settings().withSecurity(Security.none().withTls(files)))) {
            assertThat(https(fixture, context(store, true))).isEqualTo(200);
            assertThatThrownBy(() -> https(fixture, context(store, false))).isInstanceOf(IOException.class);
            ManagedChannel channel = Grpc.newChannelBuilder(
                            "localhost:" + fixture.sidecar.grpcPort(),
                            TlsChannelCredentials.newBuilder()
                                    .keyManager(
                                            files.certificate().toFile(),
                                            files.key().toFile())
                                    .trustManager(files.certificate().toFile())
                                    .build())
                    .build();
            assertThat(code(channel, "")).isEqualTo(Status.Code.OK);
            channel.shutdownNow();
            assertThat(fixture.log.events()).isEqualTo(2);
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

    private static SSLContext context(KeyStore store, boolean withCertificate) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("k"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(withCertificate ? keys.getKeyManagers() : null, trust.getTrustManagers(), null);
        return context;
    }

    /** Made by the JDK's own tool, since no API makes certificates. */
    private KeyStore keys() throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "k",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private Path pem(String name, String type, byte[] content) throws IOException {
        String text = "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(content)
                + "\n-----END " + type + "-----\n";
        return Files.writeString(directory.resolve(name), text);
    }
}
