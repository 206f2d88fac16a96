// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.sink.ledger.PageBook;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows alerts, deliveries and verdicts, and knows each rule's record of the last {@value #DAYS} days, at most
 * {@value #SECONDS} s old. In a thread of its own: when Kafka is away pages go out with the record known last.
 */
final class LedgerFollower implements Wording.Records, AutoCloseable {
    static final int DAYS = 28;
    private static final int SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(LedgerFollower.class);

    private final PageBook book = new PageBook();
    private final KafkaTail alerts;
    private final KafkaTail deliveries;
    private final KafkaTail verdicts;
    private final InstantSource clock;
    private final OncePerMinute logged;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "conjunct-sink-ledger");
    private volatile Map<String, String> sentences = Map.of();

    LedgerFollower(KafkaTail alerts, KafkaTail deliveries, KafkaTail verdicts, InstantSource clock) {
        this.alerts = alerts;
        this.deliveries = deliveries;
        this.verdicts = verdicts;
        this.clock = clock;
        logged = new OncePerMinute(clock);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    PageBook book() {
        return book;
    }

    @Override
    public Optional<String> of(Alert alert) {
        return Optional.ofNullable(sentences.get(alert.name()));
    }

    /** Reads what is new. */
    void turn() {
        alerts.read(book::alert);
        deliveries.read(book::delivery);
        verdicts.read(book::said);
        Ledger ledger = book.ledger(Cost.in(ZoneId.of("UTC")));
        Map<String, String> now = new HashMap<>();
        for (String rule : ledger.rules()) {
            now.put(rule, ledger.record(rule, clock.millis(), DAYS).sentence());
        }
        sentences = Map.copyOf(now);
    }

    private void run() {
        try {
            do {
                try {
                    turn();
                } catch (KafkaException e) {
                    if (logged.allows("kafka")) {
                        LOG.warn("the ledger waits for Kafka: {}", e.getMessage());
                    }
                }
            } while (!closing.await(SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            LOG.debug("ledger stopped");
        } finally {
            for (KafkaTail tail : List.of(alerts, deliveries, verdicts)) {
                tail.close();
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(1).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
