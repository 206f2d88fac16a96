// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Tier;
import io.conjunct.sink.http.Outbound;
import io.conjunct.sink.http.Reply;
import io.conjunct.sink.message.Message;
import io.conjunct.sink.message.RecentPages;
import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Pace;
import io.conjunct.sink.receiver.Receipts;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.Surroundings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Speaks in one Slack channel with a bot's token. One message per episode: {@code chat.postMessage} when it begins, and
 * {@code chat.update} of that message when it is over. When the same alert comes back within a day it answers in the
 * thread of its first message and shows in the channel too. Alerts of one group that begin within half an hour are answers
 * in the thread of the first and do not show in the channel. A message that is gone is posted anew, once.
 *
 * <p>Slack answers errors with 200 and {@code ok: false}. One call in {@value #MILLIS_PER_CALL} ms per token and channel,
 * which both methods take (about one message a second; 50 updates a minute).
 */
final class SlackBot implements Receiver {
    private static final int MILLIS_PER_CALL = 1_200;
    private static final int MAX_GONE = 1_000;
    private static final Duration SAME_THREAD = Duration.ofDays(1);
    private static final Duration SAME_GROUP = Duration.ofMinutes(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> GONE = Set.of(
            "message_not_found",
            "cant_update_message",
            "edit_window_closed",
            "thread_not_found",
            "invalid_thread_ts",
            "cannot_reply_to_message");
    private static final Set<String> ILL =
            Set.of("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org");
    private static final Set<String> NOT_ALLOWED = Set.of(
            "invalid_auth",
            "not_authed",
            "token_revoked",
            "token_expired",
            "account_inactive",
            "access_denied",
            "missing_scope",
            "no_permission");

    private final SlackBotSettings settings;
    private final Outbound http;
    private final Pace pace;
    private final InstantSource clock;
    private final RecentPages pages;
    /** Messages and threads that Slack no longer has, the last {@value #MAX_GONE}; forgetting one costs one call. */
    private final Set<String> gone = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_GONE;
        }
    });

    SlackBot(SlackBotSettings settings, Surroundings around) {
        this.settings = settings;
        http = around.http();
        clock = around.clock();
        pages = around.pages();
        pace = around.pace(settings.perChannel(), 1, Duration.ofMillis(MILLIS_PER_CALL));
    }

    @Override
    public Outcome deliver(Alert alert) throws InterruptedException {
        return deliver(alert, Receipts.NONE);
    }

    @Override
    public Outcome deliver(Alert alert, Receipts receipts) throws InterruptedException {
        Duration pause = pace.take(clock.instant());
        if (!pause.isZero()) {
            return new Outcome.NotYet(pause);
        }
        boolean ask = settings.buttons() && alert.tier() == Tier.PAGE;
        ObjectNode body =
                SlackMessage.of(Message.of(alert), ask ? Optional.of(Question.about(alert, pages)) : Optional.empty());
        Optional<Posted> standing = Posted.of(receipts.episode()).filter(posted -> !gone.contains(posted.ts()));
        if (standing.isPresent()) {
            Posted posted = standing.get();
            body.put("channel", posted.channel()).put("ts", posted.ts());
            return call("chat.update", body, posted.ts(), posted.thread());
        }
        body.put("channel", settings.channel());
        body.put("unfurl_links", false).put("unfurl_media", false);
        String group = thread(receipts.group(), SAME_GROUP);
        String thread = group.isEmpty() ? thread(receipts.before(), SAME_THREAD) : group;
        if (!thread.isEmpty()) {
            body.put("thread_ts", thread).put("reply_broadcast", group.isEmpty());
        }
        return call("chat.postMessage", body, thread, thread);
    }

    /** The thread of an earlier message, if it is in our channel, still there and this young; otherwise empty. */
    private String thread(String receipt, Duration young) {
        return Posted.of(receipt)
                .filter(posted -> posted.channel().equals(settings.channel()))
                .filter(posted -> posted.threadAt().plus(young).isAfter(clock.instant()))
                .map(Posted::thread)
                .filter(root -> !gone.contains(root))
                .orElse("");
    }

    /**
     * @param relies on this message, which may be gone; may be empty
     * @param thread in which the message stands; empty when it begins one
     */
    private Outcome call(String method, ObjectNode body, String relies, String thread) throws InterruptedException {
        Reply reply = http.post(
                settings.api().below("api/" + method),
                Map.of("Authorization", "Bearer " + settings.token().reveal()),
                body.toString().getBytes(StandardCharsets.UTF_8));
        if (!(reply instanceof Reply.Answered unsafe)) {
            return reply.outcome();
        }
        Reply.Answered answered = unsafe.redactedBy(settings.token());
        if (answered.status() != 200) {
            return answered.outcome();
        }
        try {
            JsonNode answer = JSON.readTree(answered.body());
            if (answer.path("ok").asBoolean()) {
                String ts = answer.path("ts").asText();
                return new Outcome.Delivered(
                        new Posted(answer.path("channel").asText(), ts, thread.isEmpty() ? ts : thread).receipt());
            }
            return error(answer.path("error").asText("no error"), answered.retryAfter(), relies);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return new Outcome.Retry(FailureReason.OTHER, "200 without an answer of Slack's", Duration.ZERO);
        }
    }

    private Outcome error(String error, Duration retryAfter, String relies) {
        if (GONE.contains(error) && !relies.isEmpty() && gone.add(relies)) {
            return new Outcome.NotYet(Duration.ofMillis(MILLIS_PER_CALL));
        }
        if (error.equals("ratelimited") || error.equals("rate_limited")) {
            return new Outcome.Retry(FailureReason.RATE_LIMITED, error, retryAfter);
        }
        if (ILL.contains(error)) {
            return new Outcome.Retry(FailureReason.SERVER_ERROR, error, retryAfter);
        }
        return new Outcome.Refused(
                NOT_ALLOWED.contains(error) ? FailureReason.AUTH_ERROR : FailureReason.CLIENT_ERROR,
                "ok: false, " + error);
    }
}
