// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.conjunct.sink.receiver.FailureReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults N4 to N7: hosts that hang, flood, redirect, show wrong certificates, and names that lead astray. */
final class WireFaultsTest {
    /** A provider's own name, so that only public addresses are allowed; and one of the user's, which may be private. */
    private static final String OFFICIAL = "hooks.slack.com";

    private static final String OWN = "alerts.example.com";
    private static final Duration GENEROUS = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static HeldCertificate authority;

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger redirects = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<HttpServer> servers = new ArrayList<>();

    @BeforeAll
    static void makeAuthority() {
        authority = new HeldCertificate.Builder().certificateAuthority(0).build();
    }

    @AfterEach
    void close() {
        end.countDown();
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }

    /** Where a server listens for that name. */
    private Endpoint serve(String scheme, String host, HttpServer server, HttpHandler handler) {
        server.createContext("/", handler);
        server.setExecutor(threads);
        server.start();
        servers.add(server);
        return Endpoint.of(scheme + "://" + host + ":" + server.getAddress().getPort() + "/c4n4ry");
    }

    private static InetSocketAddress anyPort() throws IOException {
        return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
    }

    private Endpoint plain(HttpHandler handler) throws IOException {
        return serve("http", OWN, HttpServer.create(anyPort(), 0), handler);
    }

    private Endpoint secure(HeldCertificate certificate, String... protocols) throws IOException {
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        HandshakeCertificates shown =
                new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        server.setHttpsConfigurator(new HttpsConfigurator(shown.sslContext()) {
            @Override
            public void configure(HttpsParameters parameters) {
                if (protocols.length > 0) {
                    parameters.setProtocols(protocols);
                }
            }
        });
        return serve("https", OWN, server, exchange -> {
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
        });
    }

    private static HeldCertificate.Builder certificate() {
        return new HeldCertificate.Builder().addSubjectAlternativeName(OWN);
    }

    private static InetAddress[] loopback(String host) throws UnknownHostException {
        return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
    }

    private Reply post(Endpoint endpoint, Duration total, Outbound.Names names) throws InterruptedException {
        HandshakeCertificates trusted = new HandshakeCertificates.Builder()
                .addTrustedCertificate(authority.certificate())
                .build();
        try (Outbound http = new Outbound(
                new AllowedHosts(List.of(OWN)),
                InstantSource.system(),
                redirects::incrementAndGet,
                total,
                total,
                names,
                builder -> builder.sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager()))) {
            return http.post(endpoint, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
        }
    }

    private Reply post(Endpoint endpoint, Duration total) throws InterruptedException {
        return post(endpoint, total, WireFaultsTest::loopback);
    }

    private static void assertCutOff(Reply reply) {
        assertThat(reply).isInstanceOfSatisfying(Reply.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(FailureReason.CONTEXT_DEADLINE_EXCEEDED);
            assertThat(failed.detail()).doesNotContain("c4n4ry");
        });
    }

    @Test
    void n4_hostThatHangs_isCutOff() throws Exception {
        assertCutOff(post(plain(exchange -> hang()), SHORT));
    }

    @Test
    void n4_answerByteByByte_isCutOff() throws Exception {
        assertCutOff(post(
                plain(exchange -> {
                    exchange.sendResponseHeaders(202, 0);
                    OutputStream out = exchange.getResponseBody();
                    while (!ended(20)) {
                        out.write('.');
                        out.flush();
                    }
                }),
                SHORT));
    }

    @Test
    void n4_endlessAnswer_isReadToItsLimitOnly() throws Exception {
        Reply reply = post(
                plain(exchange -> {
                    exchange.sendResponseHeaders(202, 0);
                    OutputStream out = exchange.getResponseBody();
                    byte[] chunk = new byte[8_192];
                    while (!ended(0)) {
                        out.write(chunk);
                    }
                }),
                GENEROUS);
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Answered.class,
                        answered -> assertThat(answered.body()).hasSize(Outbound.MAX_ANSWER));
    }

    @Test
    void n4_gzipBombInTheAnswer_isNotInflated() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 200; i++) {
                out.write(new byte[1 << 20]);
            }
        }
        Reply reply = post(
                plain(exchange -> {
                    exchange.getResponseHeaders().add("Content-Encoding", "gzip");
                    exchange.sendResponseHeaders(202, bomb.size());
                    exchange.getResponseBody().write(bomb.toByteArray());
                }),
                GENEROUS);
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Answered.class,
                        answered -> assertThat(answered.body().length()).isLessThanOrEqualTo(Outbound.MAX_ANSWER));
    }

    @Test
    void n5_certificateThatIsGood_isTaken() throws Exception {
        assertThat(post(secure(certificate().signedBy(authority).build()), GENEROUS))
                .isInstanceOf(Reply.Answered.class);
    }

    private void assertRefused(Endpoint endpoint) throws InterruptedException {
        assertThat(post(endpoint, GENEROUS))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.detail()).contains("SSL").doesNotContain("c4n4ry"));
    }

    @Test
    void n5_certificateThatExpired_isRefused() throws Exception {
        assertRefused(secure(certificate()
                .validityInterval(0, TimeUnit.DAYS.toMillis(1))
                .signedBy(authority)
                .build()));
    }

    @Test
    void n5_certificateOfAnotherHost_isRefused() throws Exception {
        assertRefused(secure(new HeldCertificate.Builder()
                .addSubjectAlternativeName("other.example.com")
                .signedBy(authority)
                .build()));
    }

    @Test
    void n5_certificateThatSignsItself_isRefused() throws Exception {
        assertRefused(secure(certificate().build()));
    }

    @Test
    void n5_oldTls_isRefused() throws Exception {
        assertRefused(secure(certificate().signedBy(authority).build(), "TLSv1.1"));
    }

    @Test
    void n5_plainHttpToAProvider_isForbidden() throws Exception {
        assertThat(post(Endpoint.of("http://" + OFFICIAL + "/c4n4ry"), GENEROUS))
                .isInstanceOf(Reply.Forbidden.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/",
                "http://127.0.0.1/",
                "http://[::1]/",
                "http://10.0.0.1/",
                "http://[fd00::1]/",
                "http://2130706433/",
                "http://0177.0.0.1/",
                "http://[::ffff:127.0.0.1]/",
                "https://evil.example.com/"
            })
    void n6_redirect_isNotFollowed_andCounted(String location) throws Exception {
        for (int status : List.of(301, 302, 303, 307, 308)) {
            AtomicInteger calls = new AtomicInteger();
            Reply reply = post(
                    plain(exchange -> {
                        calls.incrementAndGet();
                        exchange.getResponseHeaders().add("Location", location);
                        exchange.sendResponseHeaders(status, -1);
                        exchange.close();
                    }),
                    GENEROUS);
            assertThat(reply.outcome().toString()).contains("a redirect, not followed");
            assertThat(calls).hasValue(1);
        }
        assertThat(redirects).hasValue(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/",
                "http://2130706433/",
                "http://0177.0.0.1/",
                "http://[::ffff:10.0.0.1]/",
                "http://localhost/",
                "https://metadata.google.internal/"
            })
    void n6_addressThatIsNotListed_isForbidden(String url) throws Exception {
        assertThat(post(Endpoint.of(url), GENEROUS)).isInstanceOf(Reply.Forbidden.class);
    }

    @Test
    void n7_nameThatDoesNotResolve_isTriedAgain() throws Exception {
        Reply reply = post(Endpoint.of("https://" + OFFICIAL + "/c4n4ry"), GENEROUS, host -> {
            throw new UnknownHostException(host);
        });
        assertThat(reply).isEqualTo(new Reply.Failed(FailureReason.OTHER, "no address for " + OFFICIAL));
    }

    @Test
    void n7_nameThatTurnsPrivate_isNotConnectedTo() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Endpoint listens = plain(exchange -> calls.incrementAndGet());
        Endpoint official =
                Endpoint.of("https://" + OFFICIAL + ":" + listens.reveal().getPort() + "/");
        for (String astray : List.of("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "64:ff9b::7f00:1")) {
            Reply reply = post(official, GENEROUS, host -> new InetAddress[] {InetAddress.getByName(astray)});
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Reply.Failed.class,
                            failed -> assertThat(failed.detail()).contains("private address"));
        }
        assertThat(calls).hasValue(0);
    }

    /** The resolver is asked once per connection, and its answer is where we go: there is no second look that could differ. */
    @Test
    void n7_nameIsResolvedOnce_andTheCheckedAddressIsConnectedTo() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        Endpoint endpoint = plain(exchange -> {
            calls.incrementAndGet();
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
        });
        // No name server knows this name: only the address given here can have been used.
        Reply reply = post(endpoint, GENEROUS, host -> {
            asked.incrementAndGet();
            return loopback(host);
        });
        assertThat(reply).isInstanceOf(Reply.Answered.class);
        assertThat(calls).hasValue(1);
        assertThat(asked).hasValue(1);
    }

    private void hang() {
        ended(60_000);
    }

    private boolean ended(int millis) {
        try {
            return end.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
