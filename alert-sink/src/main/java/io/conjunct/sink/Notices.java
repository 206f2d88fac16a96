// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.sink.receiver.FailureReason;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells, through other receivers, that one refuses what we send: a ticket named {@value #NAME}, to the fallback, to the
 * other receivers of the alert's route, or else to any other. One per failing receiver until it takes something again,
 * which resolves the ticket; a restart in between leaves that to a person. Safe for several threads.
 */
final class Notices {
    static final String NAME = "delivery-failed";

    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private record Open(Alert notice, List<Lane> to) {}

    private final Receivers receivers;
    private final Map<String, Lane> lanes;
    private final SinkMetrics metrics;
    private final InstantSource clock;
    private final Map<String, Open> open = new HashMap<>();

    /** The lanes may be added later, before the first of them starts. */
    Notices(Receivers receivers, Map<String, Lane> lanes, SinkMetrics metrics, InstantSource clock) {
        this.receivers = receivers;
        this.lanes = lanes;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Call it while the delivery still holds its claim: the notice holds it too. */
    synchronized void refused(String receiver, Delivery delivery, FailureReason reason) {
        if (delivery.alert().name().equals(NAME) || open.containsKey(receiver)) {
            return;
        }
        List<Lane> to = others(receiver, delivery.alert()).stream()
                .map(lanes::get)
                .filter(lane -> lane != null && lane.hasRoom())
                .toList();
        if (to.isEmpty()) {
            metrics.noticeDropped();
            LOG.error(
                    "{} refuses {} and no other receiver can be told",
                    receiver,
                    delivery.alert().name());
            return;
        }
        Alert notice = notice(receiver, delivery.alert(), reason);
        open.put(receiver, new Open(notice, to));
        offer(notice, to, delivery);
    }

    /** The receiver took something. Call it while the delivery still holds its claim. */
    synchronized void delivered(String receiver, Delivery delivery) {
        Open ended = open.get(receiver);
        if (ended == null || !ended.to().stream().allMatch(Lane::hasRoom)) {
            return;
        }
        open.remove(receiver);
        Alert notice = ended.notice();
        long now = clock.millis();
        offer(
                new Alert(
                        notice.name(),
                        notice.group(),
                        State.RESOLVED,
                        notice.tier(),
                        notice.labels(),
                        now,
                        notice.startsAtMillis(),
                        OptionalLong.of(now),
                        List.of(),
                        notice.episode(),
                        notice.owner(),
                        notice.annotations(),
                        "it takes deliveries again",
                        false,
                        notice.revision(),
                        notice.ruleRevision(),
                        List.of(),
                        Optional.empty(),
                        false),
                ended.to(),
                delivery);
    }

    /** Something changed that those who stand in wait for. */
    void pokeAll() {
        lanes.values().forEach(Lane::poke);
    }

    private void offer(Alert notice, List<Lane> to, Delivery cause) {
        cause.claim().more(to.size());
        metrics.read(to.size());
        to.forEach(lane -> lane.offer(new Delivery(notice, cause.claim(), clock.instant())));
    }

    private Set<String> others(String receiver, Alert alert) {
        Set<String> others = new LinkedHashSet<>();
        receivers.fallback().ifPresent(fallback -> others.addAll(fallback.to()));
        others.addAll(receivers.receiversOf(alert));
        others.remove(receiver);
        if (others.isEmpty()) {
            receivers.byName().keySet().stream()
                    .filter(name -> !name.equals(receiver))
                    .findFirst()
                    .ifPresent(others::add);
        }
        return others;
    }

    private static Alert notice(String receiver, Alert alert, FailureReason reason) {
        TreeMap<String, String> labels = new TreeMap<>(Map.of("receiver", receiver));
        return new Alert(
                NAME,
                "conjunct",
                State.FIRING,
                Tier.TICKET,
                labels,
                alert.atMillis(),
                alert.atMillis(),
                OptionalLong.empty(),
                List.of(),
                Alert.episode(NAME, labels, alert.atMillis()),
                alert.owner(),
                new TreeMap<>(Map.of(
                        "summary",
                        receiver + " refuses what we send (" + reason.word() + "), first: "
                                + alert.tier().word() + " " + alert.name() + " " + alert.labels() + " "
                                + alert.state().word())),
                "its deliveries are in the topic of dead letters",
                false,
                alert.revision(),
                alert.ruleRevision(),
                List.of(),
                Optional.empty(),
                false);
    }
}
