// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import io.conjunct.sink.fakes.FakeSlack;
import io.conjunct.sink.fakes.FakeSlack.Message;
import io.conjunct.sink.fakes.Fault;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.receiver.Secret;
import io.conjunct.sink.slack.SlackBotSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bot in a channel: one message per episode, changed where it stands. */
final class SlackBotTest {
    private final Bench bench = new Bench();
    private final FakeSlack slack = FakeSlack.start(bench.clock);
    private final Lane lane = bench.lane("team", settings(FakeSlack.TOKEN));

    private SlackBotSettings settings(String token) {
        return new SlackBotSettings(Endpoint.of(slack.apiUrl()), new Secret(token), FakeSlack.CHANNEL, true);
    }

    @AfterEach
    void close() {
        bench.books.balance();
        bench.close();
        slack.close();
    }

    private void tell(Alert... alerts) throws InterruptedException {
        for (Alert alert : alerts) {
            bench.give(lane, alert);
        }
        bench.run(lane, 100);
    }

    @Test
    void episode_isOneMessage_changedWhereItStands() throws Exception {
        tell(Alerts.firing("a"));
        assertThat(slack.channel())
                .singleElement()
                .satisfies(message -> assertThat(message.text()).startsWith("PAGE FIRING: "));
        tell(Alerts.resolved("a"));

        assertThat(slack.channel()).singleElement().satisfies(message -> {
            assertThat(message.text()).startsWith("PAGE RESOLVED: ");
            assertThat(message.updates()).isEqualTo(1);
        });
    }

    @Test
    void resolve_bySinkThatDidNotSendThePage_changesItsMessage() throws Exception {
        tell(Alerts.firing("a"));
        try (Bench other = new Bench()) {
            bench.deliveries.history().forEach(entry -> other.deliveries.send(entry));
            other.clock.advance(Duration.ofMinutes(10));
            bench.clock.advance(Duration.ofMinutes(10));
            other.log.catchUp();
            Lane taken = other.lane("team", settings(FakeSlack.TOKEN));
            other.give(taken, Alerts.resolved("a"));
            other.run(taken, 20);
        }
        assertThat(slack.channel()).singleElement().matches(message -> message.updates() == 1);
    }

    @Test
    void alertThatComesBack_answersInTheThreadOfItsFirstMessage_forADay() throws Exception {
        tell(Alerts.episode("a", 0, State.FIRING), Alerts.episode("a", 0, State.RESOLVED));
        bench.clock.advance(Duration.ofHours(1));
        tell(Alerts.episode("a", 1, State.FIRING), Alerts.episode("a", 1, State.RESOLVED));
        tell(Alerts.episode("b", 1, State.FIRING));
        bench.clock.advance(Duration.ofHours(1));
        tell(Alerts.episode("a", 2, State.FIRING));
        bench.clock.advance(Duration.ofHours(25));
        tell(Alerts.episode("a", 3, State.FIRING));

        List<Message> channel = slack.channel();
        String first = channel.get(0).ts();
        assertThat(channel).extracting(Message::thread).containsExactly("", first, "", first, "");
        assertThat(slack.journal().stream()
                        .filter(each ->
                                each.body().contains(first) && each.path().endsWith("postMessage")))
                .hasSize(2)
                .allMatch(each -> each.body().contains("\"reply_broadcast\":true"));
        assertThat(channel.get(1).text()).startsWith("PAGE RESOLVED");
    }

    @Test
    void alertsOfAGroup_areOneMessageInTheChannel_andEachItsOwnInItsThread() throws Exception {
        for (String service : List.of("a", "b", "c")) {
            bench.give(lane, Alerts.firing(service), "page region=eu-1");
        }
        bench.give(lane, Alerts.firing("d"), "page region=us-1");
        bench.give(lane, Alerts.resolved("b"), "page region=eu-1");
        bench.run(lane, 100);
        bench.clock.advance(Duration.ofMinutes(31));
        bench.give(lane, Alerts.firing("e"), "page region=eu-1");
        bench.run(lane, 100);

        List<Message> channel = slack.channel();
        String first = channel.get(0).ts();
        assertThat(channel).extracting(Message::thread).containsExactly("", first, first, "", "");
        assertThat(channel.get(1).text()).startsWith("PAGE RESOLVED");
        assertThat(channel)
                .extracting(message -> message.blocks().contains("conjunct_verdict_noise"))
                .containsOnly(true);
        assertThat(slack.journal()).noneMatch(each -> each.body().contains("\"reply_broadcast\":true"));
    }

    @Test
    void page_asksOfWhichOtherItIsTheDuplicate() throws Exception {
        bench.pages.alert(AlertJson.write(Alerts.firing("database")));
        bench.pages.alert(AlertJson.write(Alerts.firing("a")));
        bench.pages.alert(AlertJson.write(Alerts.alert("t", State.FIRING, Tier.TICKET)));
        tell(Alerts.firing("a"));

        assertThat(slack.channel())
                .singleElement()
                .satisfies(message -> assertThat(message.blocks())
                        .contains("\"block_id\":\"" + Alerts.firing("a").episode() + "\"")
                        .contains("Duplicate of…")
                        .containsOnlyOnce(
                                "\"value\":\"" + Alerts.firing("database").episode() + "\"")
                        .doesNotContain(
                                Alerts.alert("t", State.FIRING, Tier.TICKET).episode()));
    }

    @Test
    void messageThatIsGone_isPostedAnewOnce() throws Exception {
        tell(Alerts.firing("a"));
        slack.delete(slack.channel().get(0).ts());
        tell(Alerts.resolved("a"));

        assertThat(slack.channel()).singleElement().satisfies(message -> {
            assertThat(message.text()).startsWith("PAGE RESOLVED");
            assertThat(message.updates()).isZero();
        });
        assertThat(slack.journal()).hasSize(3);
    }

    @Test
    void threadThatIsGone_doesNotHideThePage() throws Exception {
        tell(Alerts.episode("a", 0, State.FIRING), Alerts.episode("a", 0, State.RESOLVED));
        slack.delete(slack.channel().get(0).ts());
        tell(Alerts.episode("a", 1, State.FIRING));

        assertThat(slack.channel())
                .singleElement()
                .matches(message -> message.thread().isEmpty());
    }

    @Test
    void okFalse_isAnError_ofTheRightKind() throws Exception {
        ObjectMapper json = new ObjectMapper();
        for (String error :
                List.of("channel_not_found", "is_archived", "msg_too_long", "invalid_blocks", "token_revoked")) {
            slack.script(
                    Fault.status(
                            200,
                            json.createObjectNode()
                                    .put("ok", false)
                                    .put("error", error)
                                    .toString()),
                    1);
            tell(Alerts.firing(error));
        }
        assertThat(bench.producer.history()).hasSize(5);
        assertThat(bench.books.failures("team", "clientError")).isEqualTo(4);
        assertThat(bench.books.failures("team", "authError")).isEqualTo(1);

        slack.script(Fault.status(200, "{\"ok\":false,\"error\":\"internal_error\"}"), 1)
                .script(Fault.status(200, "{\"ok\":false,\"error\":\"ratelimited\"}"), 1)
                .script(Fault.slowDown(7), 1)
                .script(Fault.status(200, "<html>"), 1);
        tell(Alerts.firing("late"));
        assertThat(slack.channel()).hasSize(1);
        assertThat(bench.pauses).contains(Duration.ofSeconds(7));
        assertThat(bench.producer.history()).hasSize(5);
    }

    @Test
    void wrongToken_isRefused_andNeverShown() throws Exception {
        try (Bench other = new Bench()) {
            Lane stranger = other.lane("stranger", settings("xoxb-wr0ng"));
            other.give(stranger, Alerts.firing("a"));
            other.run(stranger, 10);

            assertThat(other.producer.history())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.value())
                            .contains("ok: false, invalid_auth")
                            .doesNotContain("wr0ng"));
        }
    }

    @Test
    void channel_takesOneCallASecond_andWeKeepToIt() throws Exception {
        for (int i = 0; i < 60; i++) {
            bench.give(lane, Alerts.firing("service-" + i));
        }
        bench.run(lane, 500);
        for (int i = 0; i < 60; i++) {
            bench.give(lane, Alerts.resolved("service-" + i));
        }
        bench.run(lane, 500);

        assertThat(slack.channel()).hasSize(60).allMatch(message -> message.updates() == 1);
        assertThat(bench.books.sum("conjunct_sink_failures")).isZero();
    }
}
