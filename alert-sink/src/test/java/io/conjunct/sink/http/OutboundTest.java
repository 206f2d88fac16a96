// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class OutboundTest {
    private static final Endpoint SLACK = Endpoint.of("https://hooks.slack.com/services/T0/B0/c4n4ry");

    private static Outcome post(Outbound.Names names) throws InterruptedException {
        try (Outbound http = new Outbound(
                new AllowedHosts(List.of()),
                InstantSource.system(),
                () -> {},
                Duration.ofMillis(300),
                Duration.ofMillis(300),
                names,
                builder -> builder)) {
            return http.post(SLACK, Map.of(), new byte[0]).outcome();
        }
    }

    @Test
    void name_thatLeadsToAPrivateAddress_isNotConnectedToAndTriedAgain() throws Exception {
        Outcome outcome = post(host ->
                new InetAddress[] {InetAddress.getByName("35.190.247.1"), InetAddress.getByName("169.254.169.254")});

        assertThat(outcome)
                .isEqualTo(new Outcome.Retry(
                        FailureReason.OTHER,
                        "hooks.slack.com resolves to the private address 169.254.169.254, not connected",
                        Duration.ZERO));
    }

    @Test
    void name_thatDoesNotResolve_isTriedAgain() throws Exception {
        assertThat(post(host -> {
                    throw new UnknownHostException("c4n4ry");
                }))
                .isEqualTo(new Outcome.Retry(FailureReason.OTHER, "no address for hooks.slack.com", Duration.ZERO));
    }

    @Test
    void resolver_thatHangs_isCutOff() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Outcome outcome = post(host -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        });

        assertThat(outcome)
                .isEqualTo(new Outcome.Retry(
                        FailureReason.CONTEXT_DEADLINE_EXCEEDED,
                        "no answer from https://hooks.slack.com in time",
                        Duration.ZERO));
    }

    @Test
    void endpoint_showsNoPath() {
        assertThat(SLACK).hasToString("https://hooks.slack.com");
        assertThat(SLACK.redact("at https://hooks.slack.com/services/T0/B0/c4n4ry or /services/T0/B0/c4n4ry"))
                .doesNotContain("c4n4ry");
    }
}
