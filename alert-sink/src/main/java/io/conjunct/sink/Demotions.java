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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a page a ticket, or a ticket a mark on dashboards, where its rule said {@code demote: auto} and its record is worse
 * than 2:1. Decided once for each
 * episode, so that its end goes where its begin went: by what was decided here, else by the receiver that the delivery
 * log says was told, else by the {@link Demotion}, which asks the alert alone. What no route would take stays as it is:
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
    private final Map<String, Price> decided = new LinkedHashMap<>();

    /** What an episode costs, and why it is not what its rule wrote. */
    private record Price(Tier tier, String why) {}

    Demotions(Known known, Receivers receivers, DeliveryLog log, SinkMetrics metrics) {
        this.known = known;
        this.receivers = receivers;
        this.log = log;
        this.metrics = metrics;
    }

    /** The alert as it is delivered; empty as long as the records have not been asked for. */
    Optional<Alert> of(Alert alert) {
        if (!alert.demotable() || alert.tier() == Tier.ANNOTATE) {
            return Optional.of(alert);
        }
        Price price = decided.get(alert.episode());
        if (price == null) {
            if (!known.asked()) {
                return Optional.empty();
            }
            price = decide(alert);
            decided.put(alert.episode(), price);
            if (decided.size() > MAX) {
                decided.remove(decided.keySet().iterator().next());
            }
            if (price.tier() != alert.tier() && alert.state() == State.FIRING) {
                metrics.demoted(alert.name());
                LOG.info("{} {}: {}", alert.name(), alert.labels(), price.why());
            }
        }
        return Optional.of(
                price.tier() == alert.tier()
                        ? alert
                        : alert.withTier(price.tier()).withAnnotation(DEMOTED, price.why()));
    }

    private Price decide(Alert alert) {
        Price price = byRecord(alert);
        List<Tier> tiers = Stream.of(Tier.values())
                .filter(tier -> tier.compareTo(alert.tier()) >= 0)
                .toList();
        Optional<Tier> began =
                tiers.stream().filter(tier -> began(alert, tier, tiers)).findFirst();
        if (began.isEmpty() || began.get() == price.tier()) {
            return price;
        }
        return new Price(
                began.get(),
                "demoted from " + alert.tier().word() + " to " + began.get().word() + " when it began");
    }

    /** One tier after the other, as far as the records say so and somebody takes it. */
    private Price byRecord(Alert alert) {
        Price price = new Price(alert.tier(), "");
        while (price.tier() != Tier.ANNOTATE) {
            Alert priced = alert.withTier(price.tier());
            Tier below = price.tier().below();
            Optional<Demotion> demotion = known.covering(priced);
            if (demotion.isEmpty()
                    || receivers.receiversOf(alert.withTier(below)).isEmpty()) {
                break;
            }
            price = new Price(below, demotion.get().sentence());
        }
        return price;
    }

    /** Whether a receiver of this tier, and of none of the others, was told of the episode. */
    private boolean began(Alert alert, Tier tier, List<Tier> tiers) {
        List<String> others = tiers.stream()
                .filter(other -> other != tier)
                .flatMap(other -> receivers.receiversOf(alert.withTier(other)).stream())
                .toList();
        return receivers.receiversOf(alert.withTier(tier)).stream()
                .anyMatch(name -> !others.contains(name)
                        && log.stage(name, alert.episode()).isPresent());
    }
}
