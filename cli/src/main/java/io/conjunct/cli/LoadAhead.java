// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.ingest.Sidecar;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Half of a sidecar's start is to load classes that it needs whatever its options say: this thread does that on the second
 * core, while the first reads the options. Nothing depends on it but the order in which logging is set up.
 */
final class LoadAhead extends Thread {
    private final CountDownLatch logging = new CountDownLatch(1);

    private LoadAhead() {
        super("load-ahead");
        setDaemon(true);
    }

    /** Begins at once. */
    static LoadAhead begin() {
        LoadAhead ahead = new LoadAhead();
        ahead.start();
        return ahead;
    }

    /** Whoever asks for a logger while logging is set up gets one that never becomes a real one. */
    void awaitLogging() {
        try {
            logging.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        Logger log;
        try {
            log = LoggerFactory.getLogger(LoadAhead.class);
        } finally {
            logging.countDown();
        }
        try {
            // The source of randomness, for the name of a new node: it is needed first.
            UUID.randomUUID();
            Sidecar.loadAhead();
        } catch (RuntimeException e) {
            log.debug("what cannot be loaded ahead is loaded when it is used", e);
        }
    }
}
