// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.sink.fakes.FakeSlack;
import io.conjunct.sink.fakes.Fault;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.slack.SlackSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SlackTest {
    private final ManualClock clock = new ManualClock();
    private final FakeSlack slack = FakeSlack.start(clock);
    private final Bench bench = new Bench(clock, Duration.ofSeconds(10));
    private final Lane lane = bench.lane("team", new SlackSettings(Endpoint.of(slack.url()), true));

    @AfterEach
    void close() {
        bench.books.balance();
        bench.close();
        slack.close();
    }

    @Test
    void alert_isTitleEvidenceAndFacts() throws Exception {
        bench.give(lane, Alerts.firing("checkout"));
        bench.run(lane, 10);

        FakeSlack.Posted posted = slack.messages().get(0);
        assertThat(posted.text()).isEqualTo("PAGE FIRING: Checkout is slow because its cache is cold");
        assertThat(posted.blocks().get(0)).isEqualTo(posted.text());
        assertThat(posted.blocks().get(1))
                .isEqualTo("• `hit_p99 &gt; 1000ms`  1.42 s, limit 1 s, 1,204 events in 5 min\n"
                        + "• `miss_ratio &gt; 5%`  92.1 %, limit 5 %, 15,377 events in 5 min (cache=cart)");
        assertThat(posted.blocks().get(2))
                .contains("*since*  2026-11-20 21:03:10 UTC")
                .contains("*where*  region=eu-1, service=checkout")
                .contains("*slowest*  trace 4bf92f3577b34da6a3ce929d0e0e4736 took 1.87 s");
        assertThat(slack.journal().get(0).body())
                .contains("\"action_id\":\"conjunct_verdict_incident\",\"value\":\""
                        + Alerts.firing("checkout").episode() + "\"")
                .contains("conjunct_verdict_noise");
    }

    @Test
    void channel_takesOneMessageASecond_andWeKeepToIt() throws Exception {
        for (int i = 0; i < 5; i++) {
            bench.give(lane, Alerts.firing("service-" + i));
        }
        bench.run(lane, 50);

        assertThat(slack.messages()).hasSize(5);
        assertThat(bench.books.sum("conjunct_sink_failures")).isZero();
    }

    @Test
    void errors_areFinalOrNot_asSlackMeansThem() throws Exception {
        slack.script(Fault.status(400, "invalid_payload"), 1)
                .script(Fault.status(403, "action_prohibited"), 1)
                .script(Fault.status(404, "no_service"), 1)
                .script(Fault.status(410, "channel_is_archived"), 1)
                .script(Fault.status(200, "{\"ok\":false,\"error\":\"no_permission\"}"), 1);
        for (int i = 0; i < 5; i++) {
            bench.give(lane, Alerts.firing("dead-" + i));
        }
        bench.run(lane, 50);
        assertThat(bench.producer.history()).hasSize(5);
        assertThat(bench.books.failures("team", "clientError")).isEqualTo(4);
        assertThat(bench.books.failures("team", "authError")).isEqualTo(1);

        slack.script(Fault.status(500, "rollup_error"), 1)
                .script(Fault.slowDown(7), 1)
                .script(Fault.status(200, "{\"retry_after\":1,\"ok\":false,\"error\":\"rate_limited\"}"), 1);
        bench.give(lane, Alerts.firing("late"));
        bench.run(lane, 50);
        assertThat(slack.messages()).hasSize(1);
        assertThat(bench.pauses).contains(Duration.ofSeconds(7));
        assertThat(bench.producer.history()).hasSize(5);
    }

    @Test
    void words_cannotMentionOrLink() throws Exception {
        bench.give(
                lane, Alerts.alert("<!channel>", State.FIRING, Tier.PAGE, Map.of("summary", "<https://evil|a & b>")));
        bench.run(lane, 10);

        FakeSlack.Posted posted = slack.messages().get(0);
        assertThat(posted.text()).isEqualTo("PAGE FIRING: &lt;https://evil|a &amp; b&gt;");
        assertThat(posted.blocks().subList(1, 3))
                .allSatisfy(block -> assertThat(block).doesNotContain("<"));
    }

    @Test
    void monstrousTexts_areCutToWhatSlackTakes() throws Exception {
        String monster = "\uDE00" + "<&>😀`".repeat(2_000);
        Alert alert = Alerts.alert(
                monster, State.FIRING, Tier.PAGE, Map.of("summary", monster, "runbook_url", "x".repeat(9_000)));
        bench.give(lane, alert.withReason(monster));
        bench.run(lane, 10);

        assertThat(bench.producer.history()).isEmpty();
        assertThat(slack.messages()).hasSize(1);
    }
}
