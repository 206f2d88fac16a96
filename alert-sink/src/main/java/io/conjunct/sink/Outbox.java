// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Receiver;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt that survives a crash. In this order: what the log proves is not done again; the intent is written; the
 * lease is looked at; the request leaves; its outcome is written. So after {@code kill -9} at any point:
 *
 * <ul>
 *   <li>no trigger follows its episode's resolve, for the resolve's intent is in the log before the resolve is sent;
 *   <li>a delivery the log proves is not repeated, at any receiver;
 *   <li>an intent without outcome is sent again, under the same key: one incident at PagerDuty, perhaps a second message
 *       elsewhere, for a page too many is better than none.
 * </ul>
 *
 * <p>While Kafka does not take the intent nothing is sent: another sink may have taken over.
 */
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Duration NO_LEASE = Duration.ofMillis(200);

    private final DeliveryLog log;
    private final BooleanSupplier lease;
    private final SinkMetrics metrics;

    Outbox(DeliveryLog log, BooleanSupplier lease, SinkMetrics metrics) {
        this.log = log;
        this.lease = lease;
        this.metrics = metrics;
    }

    /** What need not be sent, with the stage that proves it. */
    Optional<Stage> needless(String receiver, Delivery delivery) {
        Optional<Stage> stage = log.stage(receiver, delivery.alert().episode());
        Stage last = delivery.isTrigger() ? Stage.TRIGGER_INTENT : Stage.RESOLVE_INTENT;
        return stage.filter(reached -> reached.compareTo(last) > 0);
    }

    /** Whether this receiver was told, or may have been, that the episode began. */
    boolean began(String receiver, Alert alert) {
        return log.stage(receiver, alert.episode()).isPresent();
    }

    /**
     * Sends it.
     *
     * @param told the alert in the words the receiver gets
     */
    Outcome send(String name, Receiver receiver, Delivery delivery, Alert told) throws InterruptedException {
        if (!lease.getAsBoolean()) {
            return new Outcome.NotYet(NO_LEASE);
        }
        boolean trigger = delivery.isTrigger();
        Alert alert = delivery.alert();
        Stage intent = trigger ? Stage.TRIGGER_INTENT : Stage.RESOLVE_INTENT;
        if (!log.stage(name, alert.episode()).equals(Optional.of(intent))) {
            try {
                log.write(name, delivery, intent, "");
            } catch (KafkaException e) {
                return new Outcome.Retry(FailureReason.OTHER, String.valueOf(e.getMessage()), Duration.ZERO);
            }
        }
        if (!lease.getAsBoolean() || !delivery.claim().isOurs()) {
            return new Outcome.NotYet(NO_LEASE);
        }
        Outcome outcome = receiver.deliver(told, log.receipts(name, delivery));
        if (outcome instanceof Outcome.Delivered delivered) {
            note(name, delivery, trigger ? Stage.TRIGGERED : Stage.RESOLVED, delivered.receipt());
        }
        return outcome;
    }

    /** The receiver refused it for good. */
    void refused(String name, Delivery delivery) throws InterruptedException {
        note(name, delivery, delivery.isTrigger() ? Stage.TRIGGER_REFUSED : Stage.RESOLVE_REFUSED, "");
    }

    private void note(String name, Delivery delivery, Stage stage, String receipt) throws InterruptedException {
        try {
            log.write(name, delivery, stage, receipt);
        } catch (KafkaException e) {
            metrics.outcomeUnlogged();
            LOG.warn(
                    "{} of {} at {} is not in the delivery log",
                    stage.word(),
                    delivery.alert().name(),
                    name);
        }
    }
}
