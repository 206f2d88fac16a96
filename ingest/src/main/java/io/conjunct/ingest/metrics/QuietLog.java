// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log that says one thing per reason and minute at most. Reasons are constants of the code, never data, so the map of
 * them is bounded; messages never hold payloads.
 */
public final class QuietLog {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final Logger log;
    private final Map<String, Long> lastNanos = new ConcurrentHashMap<>();

    public QuietLog(Class<?> type) {
        log = LoggerFactory.getLogger(type);
    }

    public void warn(String reason, String message) {
        if (isDue(reason)) {
            log.warn("{}: {}", reason, message);
        }
    }

    public void warn(String reason, String message, Throwable cause) {
        if (isDue(reason)) {
            log.warn("{}: {}", reason, message, cause);
        }
    }

    private boolean isDue(String reason) {
        long now = System.nanoTime();
        boolean[] due = {false};
        lastNanos.compute(reason, (r, last) -> {
            due[0] = last == null || now - last >= MINUTE_NANOS;
            return due[0] || last == null ? now : last;
        });
        return due[0];
    }
}
