// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import io.conjunct.correlate.PublishedRules;
import io.conjunct.correlate.RulesReader;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what is published to the rules topic, for as long as the node lives: a thread that reads without a consumer
 * group. While Kafka is away the last word stays, and it tries again every {@value #RETRY_SECONDS} s.
 */
public final class RuleFollower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int RETRY_SECONDS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(RuleFollower.class);

    private final Supplier<RulesReader> reader;
    private final Consumer<PublishedRules> onNews;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "rule-follower");
    private volatile PublishedRules known = PublishedRules.NONE;

    private RuleFollower(Supplier<RulesReader> reader, Consumer<PublishedRules> onNews) {
        this.reader = reader;
        this.onNews = onNews;
    }

    /**
     * Begins to follow; the broker may come later.
     *
     * @param reader opens a reader, after each trouble another one
     * @param onNews called in the follower's thread after every change; what it throws is logged
     */
    public static RuleFollower start(Supplier<RulesReader> reader, Consumer<PublishedRules> onNews) {
        RuleFollower follower = new RuleFollower(reader, onNews);
        follower.thread.setDaemon(true);
        follower.thread.start();
        return follower;
    }

    /** What is known now. */
    public PublishedRules known() {
        return known;
    }

    private void run() {
        while (isOpen()) {
            try (RulesReader opened = reader.get()) {
                while (isOpen()) {
                    take(opened.poll(POLL));
                }
            } catch (KafkaException e) {
                LOG.debug("the rules topic cannot be followed now: {}", e.toString());
                pause();
            }
        }
    }

    private void take(PublishedRules now) {
        if (now.equals(known)) {
            return;
        }
        known = now;
        try {
            onNews.accept(now);
        } catch (RuntimeException e) {
            LOG.error("news of the rules could not be taken", e);
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void pause() {
        try {
            var unused = closed.await(RETRY_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    /** Ends within a poll. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(2 * POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
