// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedHostsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "0.0.0.0",
                "0.1.2.3",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::1",
                "2001::1"
            })
    void address_thatIsNotPublic_isOnlyForListedHosts(String address) throws Exception {
        AllowedHosts hosts = new AllowedHosts(List.of("bridge.internal"));

        assertThat(hosts.allows("hooks.slack.com", InetAddress.getByName(address)))
                .isFalse();
        assertThat(hosts.allows("bridge.internal", InetAddress.getByName(address)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"35.190.247.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"})
    void address_thatIsPublic_isAllowed(String address) throws Exception {
        assertThat(AllowedHosts.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void name_isAllowedWhenOfficialOrListed() {
        AllowedHosts hosts = new AllowedHosts(List.of("Alerts.Example.com"));

        assertThat(hosts.objection(URI.create("https://hooks.slack.com/services/x")))
                .isEmpty();
        assertThat(hosts.objection(URI.create("https://alerts.example.com./x"))).isEmpty();
        assertThat(hosts.objection(URI.create("http://hooks.slack.com/services/x")))
                .isPresent();
        assertThat(hosts.objection(URI.create("https://hooks.slack.com.evil.com/")))
                .isPresent();
        assertThat(hosts.objection(URI.create("https://evil.com/hooks.slack.com")))
                .isPresent();
    }
}
