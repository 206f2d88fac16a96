// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Leg;
import io.conjunct.sink.message.Changes;
import io.conjunct.sink.message.RecentPages;
import io.conjunct.sink.message.Trends;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows signals and alerts of the last hour, for what a message tells beside its alert. In a thread of its own: when
 * Kafka is away, or nobody writes signals, pages go out without it.
 */
final class RecentFollower implements Wording.Recent, AutoCloseable {
    static final Duration SINCE = Duration.ofHours(1);
    private static final int SECONDS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(RecentFollower.class);

    private final Trends trends;
    private final Changes changes = new Changes();
    private final RecentPages pages = new RecentPages();
    private final KafkaTail signals;
    private final KafkaTail alerts;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "conjunct-sink-recent");

    RecentFollower(KafkaTail signals, KafkaTail alerts, Runnable onFull) {
        this.signals = signals;
        this.alerts = alerts;
        trends = new Trends(onFull);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public Optional<String> trend(Alert alert, Leg leg) {
        return trends.of(alert, leg);
    }

    @Override
    public Optional<String> change(Alert alert) {
        return changes.before(alert);
    }

    RecentPages pages() {
        return pages;
    }

    private void run() {
        try {
            do {
                try {
                    alerts.read(json -> {
                        changes.alert(json);
                        pages.alert(json);
                    });
                    signals.read(trends::signals);
                } catch (KafkaException e) {
                    LOG.debug("what was lately is not read: {}", e.getMessage());
                }
            } while (!closing.await(SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            LOG.debug("no longer follows what was lately");
        } finally {
            List.of(signals, alerts).forEach(KafkaTail::close);
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
