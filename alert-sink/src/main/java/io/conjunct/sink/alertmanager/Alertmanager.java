// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.alertmanager;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.conjunct.alert.Alert;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.http.Outbound;
import io.conjunct.sink.http.Reply;
import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Repeating;
import io.conjunct.sink.receiver.Surroundings;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts to every peer of an Alertmanager cluster, each by itself, as its documentation asks. Alertmanager keeps no alerts
 * over a restart and ends those it does not hear of, so what fires is repeated every minute with an end four minutes
 * ahead, and what is over for five minutes. A delivery is done when one peer took it; the others have it within a minute.
 */
final class Alertmanager implements Repeating {
    private static final int AHEAD = 4;
    private static final Duration RESOLVED_FOR = Duration.ofMinutes(5);
    /** Alerts per request: at most 400 KiB. */
    private static final int BATCH = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Alertmanager.class);

    private final AlertmanagerSettings settings;
    private final Duration every;
    private final Outbound http;
    private final InstantSource clock;
    /** Held over a request: a repetition must not arrive after a resolve that it did not know of. */
    private final ReentrantLock speaking = new ReentrantLock();

    Alertmanager(AlertmanagerSettings settings, Duration every, Surroundings around) {
        this.settings = settings;
        this.every = every;
        http = around.http();
        clock = around.clock();
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Duration resolvedFor() {
        return RESOLVED_FOR;
    }

    @Override
    public Outcome deliver(Alert alert) throws InterruptedException {
        String receipt = PostableAlert.of(alert);
        speaking.lockInterruptibly();
        try {
            Outcome outcome = post(List.of(receipt));
            return outcome instanceof Outcome.Delivered ? new Outcome.Delivered(receipt) : outcome;
        } finally {
            speaking.unlock();
        }
    }

    @Override
    public void repeat(Supplier<List<String>> current) throws InterruptedException {
        speaking.lockInterruptibly();
        try {
            List<String> receipts = current.get();
            for (int from = 0; from < receipts.size(); from += BATCH) {
                Outcome outcome = post(receipts.subList(from, Math.min(receipts.size(), from + BATCH)));
                if (!(outcome instanceof Outcome.Delivered)) {
                    LOG.debug("no peer took a repetition: {}", outcome);
                }
            }
        } finally {
            speaking.unlock();
        }
    }

    /** Delivered when a peer took it; otherwise what is worth another attempt, if anything is. */
    private Outcome post(List<String> receipts) throws InterruptedException {
        byte[] body;
        try {
            Instant now = clock.instant();
            body = PostableAlert.body(receipts, now, now.plus(every.multipliedBy(AHEAD)))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException | DateTimeException e) {
            return new Outcome.Refused(FailureReason.OTHER, "a receipt in the delivery log is damaged");
        }
        Map<String, String> headers = settings.bearerToken()
                .map(token -> Map.of("Authorization", "Bearer " + token.reveal()))
                .orElse(Map.of());
        Outcome all = new Outcome.Refused(FailureReason.OTHER, "no peer");
        for (Endpoint peer : settings.peers()) {
            Outcome one = redacted(http.post(peer.below("api/v2/alerts"), headers, body))
                    .outcome();
            boolean better = one instanceof Outcome.Delivered
                    || (one instanceof Outcome.Retry && !(all instanceof Outcome.Delivered))
                    || all instanceof Outcome.Refused;
            all = better ? one : all;
        }
        return all;
    }

    private Reply redacted(Reply reply) {
        return reply instanceof Reply.Answered answered
                        && settings.bearerToken().isPresent()
                ? answered.redactedBy(settings.bearerToken().get())
                : reply;
    }
}
