// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.slack;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Tier;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.http.Outbound;
import io.conjunct.sink.http.Reply;
import io.conjunct.sink.message.Message;
import io.conjunct.sink.message.RecentPages;
import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Pace;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.Secret;
import io.conjunct.sink.receiver.Surroundings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Posts to a Slack incoming webhook. Success is 200 with the text {@code ok}; 200 with anything else is a refusal, unless
 * it says that we are too fast. Statuses mean what they mean everywhere: 400 invalid_payload, 403 action_prohibited, 404
 * no_service and 410 channel_is_archived are final, 429 and 500 rollup_error are not. At most one message in
 * {@value #MILLIS_PER_MESSAGE} ms per webhook, for Slack takes about one a second.
 */
final class Slack implements Receiver {
    private static final int MILLIS_PER_MESSAGE = 1_100;

    private final Endpoint webhookUrl;
    private final boolean buttons;
    private final Outbound http;
    private final Pace pace;
    private final InstantSource clock;
    private final RecentPages pages;

    Slack(Endpoint webhookUrl, boolean buttons, Surroundings around) {
        this.webhookUrl = webhookUrl;
        this.buttons = buttons;
        http = around.http();
        pace = around.pace(new Secret(webhookUrl.reveal().toString()), 1, Duration.ofMillis(MILLIS_PER_MESSAGE));
        clock = around.clock();
        pages = around.pages();
    }

    @Override
    public Outcome deliver(Alert alert) throws InterruptedException {
        Duration pause = pace.take(clock.instant());
        if (!pause.isZero()) {
            return new Outcome.NotYet(pause);
        }
        boolean ask = buttons && alert.tier() == Tier.PAGE;
        byte[] json = SlackMessage.of(
                        Message.of(alert), ask ? Optional.of(Question.about(alert, pages)) : Optional.empty())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        Reply reply = http.post(webhookUrl, Map.of(), json);
        if (reply instanceof Reply.Answered answered
                && answered.status() == 200
                && !answered.body().strip().equals("ok")) {
            return notOk(answered);
        }
        return reply.outcome();
    }

    private static Outcome notOk(Reply.Answered answered) {
        String body = answered.body();
        if (body.contains("rate_limited") || body.contains("ratelimited")) {
            return new Outcome.Retry(FailureReason.RATE_LIMITED, body, answered.retryAfter());
        }
        return new Outcome.Refused(FailureReason.CLIENT_ERROR, "200, but not ok: " + body);
    }
}
