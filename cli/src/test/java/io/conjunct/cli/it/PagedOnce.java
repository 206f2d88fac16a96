// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.sink.fakes.Exchange;
import io.conjunct.sink.fakes.FakePagerDuty;
import io.conjunct.sink.fakes.FakePagerDuty.Incident;
import io.conjunct.sink.fakes.FakePagerDuty.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The expectation that one rule group pages once: the incident opens at PagerDuty, and resolves. */
final class PagedOnce {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final ConjunctProcess conjunct;
    private final FakePagerDuty pagerDuty;
    private final String group;

    PagedOnce(ConjunctProcess conjunct, FakePagerDuty pagerDuty, String group) {
        this.conjunct = conjunct;
        this.pagerDuty = pagerDuty;
        this.group = group;
    }

    void awaitFiring() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(incidents()).isNotEmpty());
    }

    void awaitResolved() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() ->
                        assertThat(incidents()).extracting(Incident::status).containsOnly(Status.RESOLVED));
    }

    /** One episode in the topic of alerts, and the same one at PagerDuty, told once. */
    void assertOnePage() throws IOException {
        List<Alert> alerts = new Log(conjunct.bootstrap()).alerts(group);
        assertThat(alerts).extracting(Alert::state).containsExactly(State.PENDING, State.FIRING, State.RESOLVED);
        assertThat(alerts).extracting(Alert::episode).containsOnly(alerts.get(0).episode());
        assertThat(incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.dedupKey()).isEqualTo(alerts.get(1).episode());
            assertThat(incident.severity()).isEqualTo("critical");
            assertThat(incident.status()).isEqualTo(Status.RESOLVED);
            assertThat(incident.triggers()).isEqualTo(1);
        });
    }

    /** The trigger says this. */
    void assertTold(String words) throws IOException {
        String episode = incidents().get(0).dedupKey();
        assertThat(pagerDuty.journal())
                .extracting(Exchange::body)
                .filteredOn(body -> body.contains(episode) && body.contains("\"trigger\""))
                .singleElement()
                .asString()
                .contains(words);
    }

    /** Those at PagerDuty whose key is one of the group's episodes. */
    private List<Incident> incidents() throws IOException {
        List<String> episodes = new Log(conjunct.bootstrap())
                .alerts(group).stream().map(Alert::episode).toList();
        return pagerDuty.incidents().stream()
                .filter(each -> episodes.contains(each.dedupKey()))
                .toList();
    }
}
