// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.slack;

import io.conjunct.alert.Alert;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.http.Outbound;
import io.conjunct.sink.http.Reply;
import io.conjunct.sink.message.Message;
import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Receiver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * Posts to a Slack incoming webhook. Success is 200 with the text {@code ok}; 200 with anything else is a refusal, unless
 * it says that we are too fast. Statuses mean what they mean everywhere: 400 invalid_payload, 403 action_prohibited, 404
 * no_service and 410 channel_is_archived are final, 429 and 500 rollup_error are not.
 */
final class Slack implements Receiver {
    private final Endpoint webhookUrl;
    private final Outbound http;

    Slack(Endpoint webhookUrl, Outbound http) {
        this.webhookUrl = webhookUrl;
        this.http = http;
    }

    @Override
    public Outcome deliver(Alert alert) throws InterruptedException {
        byte[] json = SlackMessage.of(Message.of(alert)).getBytes(StandardCharsets.UTF_8);
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
            Duration wait = answered.retryAfter();
            return new Outcome.Retry(FailureReason.RATE_LIMITED, body, wait);
        }
        return new Outcome.Refused(FailureReason.CLIENT_ERROR, "200, but not ok: " + body);
    }
}
