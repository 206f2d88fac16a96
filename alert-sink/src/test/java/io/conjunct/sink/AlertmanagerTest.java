// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.sink.alertmanager.AlertmanagerSettings;
import io.conjunct.sink.fakes.FakeAlertmanager;
import io.conjunct.sink.fakes.Fault;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.Repeating;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two peers that forget what is not repeated. */
final class AlertmanagerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Bench bench = new Bench();
    private final FakeAlertmanager one = FakeAlertmanager.start(bench.clock);
    private final FakeAlertmanager two = FakeAlertmanager.start(bench.clock);
    private final AlertmanagerSettings settings =
            new AlertmanagerSettings(List.of(Endpoint.of(one.url()), Endpoint.of(two.url())), Optional.empty());
    private final Receiver receiver = settings.open(bench.around);
    private final Lane lane = bench.lane("am", around -> receiver);

    private Repeater repeater(Set<Integer> partitions) {
        return new Repeater("am", (Repeating) receiver, bench.log, () -> partitions, () -> true, bench.clock);
    }

    @AfterEach
    void close() {
        bench.books.balance();
        bench.close();
        one.close();
        two.close();
    }

    private void tell(Alert alert) throws InterruptedException {
        bench.give(lane, alert);
        bench.run(lane, 20);
    }

    @Test
    void alert_goesToEveryPeer_andFiresFourMinutesAhead() throws Exception {
        tell(Alerts.firing("checkout"));

        for (FakeAlertmanager peer : List.of(one, two)) {
            assertThat(peer.firing()).hasSize(1);
        }
        JsonNode posted = JSON.readTree(one.journal().get(0).body()).get(0);
        assertThat(posted.path("labels").path("alertname").asText()).isEqualTo("checkout-cache");
        assertThat(posted.path("startsAt").asText()).isEqualTo(Alerts.START.toString());
        assertThat(Instant.parse(posted.path("endsAt").asText()))
                .isEqualTo(bench.clock.instant().plus(Duration.ofMinutes(4)));
        assertThat(posted.path("annotations").path("description").asText()).contains("hit_p99 > 1000ms");
    }

    @Test
    void alertThatIsNotRepeated_ends_andOneThatIsRepeated_doesNot() throws Exception {
        tell(Alerts.firing("a"));
        Repeater repeater = repeater(Set.of(0));
        for (int minute = 0; minute < 10; minute++) {
            bench.clock.advance(Duration.ofMinutes(1));
            repeater.turn();
            assertThat(one.firing()).hasSize(1);
        }
        bench.clock.advance(Duration.ofMinutes(5));
        assertThat(one.firing()).isEmpty();
    }

    @Test
    void resolve_isRepeatedForFiveMinutes_toPeersThatMissedIt() throws Exception {
        tell(Alerts.firing("a"));
        two.script(Fault.status(503), 1);
        tell(Alerts.resolved("a"));
        assertThat(one.firing()).isEmpty();
        assertThat(two.firing()).hasSize(1);

        Repeater repeater = repeater(Set.of(0));
        bench.clock.advance(Duration.ofMinutes(1));
        repeater.turn();
        assertThat(two.firing()).isEmpty();
        int said = one.journal().size();
        bench.clock.advance(Duration.ofMinutes(5));
        repeater.turn();
        assertThat(one.journal()).hasSize(said);
    }

    @Test
    void partitionOfAnotherSink_isNotSpokenFor() throws Exception {
        tell(Alerts.firing("a"));
        int said = one.journal().size();
        repeater(Set.of(7)).turn();
        assertThat(one.journal()).hasSize(said);
    }

    @Test
    void peerThatIsAway_delaysNothing_allAway_isRetried() throws Exception {
        one.script(Fault.status(503), 1);
        tell(Alerts.firing("a"));
        assertThat(two.firing()).hasSize(1);
        assertThat(bench.books.sum("conjunct_sink_failures")).isZero();

        one.script(Fault.status(503), 2);
        two.script(Fault.status(500), 2);
        tell(Alerts.firing("b"));
        assertThat(one.firing()).hasSize(1);
        assertThat(bench.books.failures("am", "serverError")).isEqualTo(2);
    }

    @Test
    void namesAndTexts_areWhatAlertmanagerTakes() throws Exception {
        Alert alert = Alerts.alert("a", State.FIRING, Tier.PAGE, Map.of("summary", "\uD800" + "😀".repeat(9_000)));
        tell(Alerts.labelled(alert, Map.of("cloud.region", "eu", "cloud_region", "us", "1st", "x", "empty", "")));

        JsonNode labels = JSON.readTree(one.journal().get(0).body()).get(0).path("labels");
        assertThat(one.firing()).hasSize(1);
        assertThat(labels.path("cloud_region").asText()).isEqualTo("eu");
        assertThat(labels.path("cloud_region_").asText()).isEqualTo("us");
        assertThat(labels.path("_1st").asText()).isEqualTo("x");
        assertThat(labels.has("empty")).isFalse();
    }
}
