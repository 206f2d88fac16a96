// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.pagerduty;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Tier;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.http.Outbound;
import io.conjunct.sink.http.Reply;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Pace;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.Surroundings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * Sends to the PagerDuty Events API v2. Pages and tickets are triggered and resolved under the episode's key, so that a
 * repeated delivery stays one incident; annotations are change events, which notify nobody. Within any
 * {@value #WINDOW_SECONDS} s at most {@value #CALLS} calls per routing key, which is what PagerDuty takes in 60 s.
 */
final class PagerDuty implements Receiver {
    private static final int CALLS = 120;
    /** A second more than theirs, for requests of the last second that travel at different speeds. */
    private static final int WINDOW_SECONDS = 61;

    private final PagerDutySettings settings;
    private final Endpoint events;
    private final Endpoint changes;
    private final Outbound http;
    private final Pace pace;
    private final InstantSource clock;

    PagerDuty(PagerDutySettings settings, Surroundings around) {
        this.settings = settings;
        events = settings.url().at("/v2/enqueue");
        changes = settings.url().at("/v2/change/enqueue");
        http = around.http();
        pace = around.pace(settings.routingKey(), CALLS, Duration.ofSeconds(WINDOW_SECONDS));
        clock = around.clock();
    }

    @Override
    public Outcome deliver(Alert alert) throws InterruptedException {
        Duration wait = pace.take(clock.instant());
        if (!wait.isZero()) {
            return new Outcome.NotYet(wait);
        }
        boolean change = alert.tier() == Tier.ANNOTATE;
        String event = change
                ? PagerDutyEvent.change(alert, settings.routingKey())
                : PagerDutyEvent.of(alert, settings.routingKey());
        Reply reply = http.post(change ? changes : events, Map.of(), event.getBytes(StandardCharsets.UTF_8));
        return reply instanceof Reply.Answered answered
                ? answered.redactedBy(settings.routingKey()).outcome()
                : reply.outcome();
    }
}
