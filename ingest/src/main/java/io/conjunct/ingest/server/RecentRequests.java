// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The requests of the last minute, so that one that is sent again because its answer was lost is answered and not counted
 * again; retries of the SDKs are identical to the byte. One that failed is forgotten. Bound: {@value #MOST} requests,
 * the oldest go first. Thread-safe.
 */
final class RecentRequests {
    static final int MOST = 8_192;

    private final long windowMillis;
    private final Map<BodyHash, Seen> requests = new LinkedHashMap<>();

    /** @param window how long a request is remembered; zero for not at all */
    RecentRequests(Duration window) {
        this.windowMillis = window.toMillis();
    }

    private record Seen(CompletableFuture<Reply> reply, long millis) {}

    /** The earlier request's reply; null when there is none, and then this one is remembered. */
    synchronized @Nullable CompletableFuture<Reply> claim(
            BodyHash hash, CompletableFuture<Reply> reply, long nowMillis) {
        if (windowMillis == 0) {
            return null;
        }
        Iterator<Seen> oldest = requests.values().iterator();
        while (oldest.hasNext()) {
            boolean old = Math.abs(nowMillis - oldest.next().millis) > windowMillis;
            if (!old && requests.size() < MOST) {
                break;
            }
            oldest.remove();
        }
        Seen seen = requests.putIfAbsent(hash, new Seen(reply, nowMillis));
        return seen == null ? null : seen.reply;
    }

    synchronized void forget(BodyHash hash) {
        requests.remove(hash);
    }
}
