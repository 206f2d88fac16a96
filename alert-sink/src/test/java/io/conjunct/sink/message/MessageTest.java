// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.sink.Alerts;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MessageTest {
    @Test
    void text_ofAPage_isReadableAtThree() {
        assertThat(Message.of(Alerts.firing("checkout")).text()).isEqualTo("""
                        PAGE FIRING: Checkout is slow because its cache is cold
                          evidence  hit_p99 > 1000ms   1.42 s, limit 1 s, 1,204 events in 5 min
                                    miss_ratio > 5%    92.1 %, limit 5 %, 15,377 events in 5 min (cache=cart)
                          since     2026-11-20 21:03:10 UTC
                          where     region=eu-1, service=checkout
                          runbook   https://runbooks.example.com/checkout-cache
                          slowest   trace 4bf92f3577b34da6a3ce929d0e0e4736 took 1.87 s
                          failed    trace 00f067aa0ba902b7a3ce929d0e0e4736 took 12.4 ms
                          owner     team-checkout
                          rule      checkout-cache in checkout, revision 4f1c2ab""");
    }

    @Test
    void text_ofItsEnd_saysUntilWhenAndWhy() {
        assertThat(Message.of(Alerts.resolved("checkout").withReason("rule removed"))
                        .text())
                .startsWith("""
                        PAGE RESOLVED: Checkout is slow because its cache is cold
                          evidence  hit_p99 > 1000ms   81.2 ms, limit 1 s, 1,204 events in 5 min [does not hold]
                                    miss_ratio > 5%    1.2 %, limit 5 %, 15,377 events in 5 min (cache=cart) [does not hold]
                          since     2026-11-20 21:03:10 UTC until 2026-11-20 21:15:40 UTC, 12.5 min
                          where     region=eu-1, service=checkout
                          because   rule removed
                        """);
    }

    @Test
    void headline_withoutASummary_isTheRulesName() {
        Message message = Message.of(Alerts.alert("checkout", State.FIRING, Tier.TICKET, Map.of("summary", " ")));

        assertThat(message.title()).isEqualTo("TICKET FIRING: checkout-cache");
        assertThat(message.text()).doesNotContain("runbook");
    }
}
