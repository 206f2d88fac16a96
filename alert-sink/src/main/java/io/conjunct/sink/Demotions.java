// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.record.Demotion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a page a ticket where its rule said {@code demote: auto} and its record is worse than 2:1. Decided once for each
 * episode, so that its end goes where its begin went: by what was decided here, else by the receiver that the delivery
 * log says was told, else by the {@link Demotion}, which asks the alert alone. A ticket that no route takes stays a page:
 * nothing becomes silent. Remembers the newest {@value #MAX} episodes of rules that opted in; used by one thread.
 */
final class Demotions {
    /** The annotation that says from what, why, until when, and how to undo it. */
    static final String DEMOTED = "demoted";

    private static final int MAX = 20_000;
    private static final Logger LOG = LoggerFactory.getLogger(Demotions.class);

    /** What the track records say. */
    interface Known {
        /** Nothing is demoted. */
        Known NOTHING = alert -> Optional.empty();

        Optional<Demotion> covering(Alert alert);

        /** Whether they have been asked for at least once; a broker that does not answer holds up no page for long. */
        default boolean asked() {
            return true;
        }
    }

    private final Known known;
    private final Receivers receivers;
    private final DeliveryLog log;
    private final SinkMetrics metrics;
    private final Map<String, Optional<String>> decided = new LinkedHashMap<>();

    Demotions(Known known, Receivers receivers, DeliveryLog log, SinkMetrics metrics) {
        this.known = known;
        this.receivers = receivers;
        this.log = log;
        this.metrics = metrics;
    }

    /** The alert as it is delivered; empty as long as the records have not been asked for. */
    Optional<Alert> of(Alert alert) {
        if (!alert.demotable() || alert.tier() != Tier.PAGE) {
            return Optional.of(alert);
        }
        Optional<String> why = decided.get(alert.episode());
        if (why == null) {
            if (!known.asked()) {
                return Optional.empty();
            }
            why = decide(alert);
            decided.put(alert.episode(), why);
            if (decided.size() > MAX) {
                decided.remove(decided.keySet().iterator().next());
            }
            if (why.isPresent() && alert.state() == State.FIRING) {
                metrics.demoted(alert.name());
                LOG.info("{} {}: {}", alert.name(), alert.labels(), why.get());
            }
        }
        return Optional.of(why.map(text -> alert.withTier(Tier.TICKET).withAnnotation(DEMOTED, text))
                .orElse(alert));
    }

    private Optional<String> decide(Alert alert) {
        List<String> asPage = receivers.receiversOf(alert);
        List<String> asTicket = receivers.receiversOf(alert.withTier(Tier.TICKET));
        if (asTicket.isEmpty() || began(alert, asPage, asTicket)) {
            return Optional.empty();
        }
        Optional<String> why = known.covering(alert).map(Demotion::sentence);
        return why.isEmpty() && began(alert, asTicket, asPage)
                ? Optional.of("demoted from page to ticket when it began")
                : why;
    }

    /** Whether one of these, and not of those, was told of the episode. */
    private boolean began(Alert alert, List<String> these, List<String> those) {
        return these.stream()
                .anyMatch(name -> !those.contains(name)
                        && log.stage(name, alert.episode()).isPresent());
    }
}
