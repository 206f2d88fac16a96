// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import static java.util.Objects.requireNonNull;

/**
 * A bearer token and what its client may send with it. Its text never shows the token.
 *
 * @param name of the client, for metrics and logs; 1 to 64 characters
 * @param token at least {@value #SHORTEST} characters
 * @param bytesPerSecond of request bodies as they are sent, with a burst of ten seconds; 0 for no quota
 * @param eventsPerSecond with a burst of ten seconds; 0 for no quota
 */
public record ClientToken(String name, String token, long bytesPerSecond, long eventsPerSecond) {
    private static final int SHORTEST = 16;

    public ClientToken {
        requireNonNull(token, "token");
        if (name.isBlank() || name.length() > 64) {
            throw new IllegalArgumentException("name of a token: '" + name + "' (expected: 1 to 64 characters)");
        }
        if (token.length() < SHORTEST) {
            throw new IllegalArgumentException(
                    "token of " + name + ": too short (expected: at least " + SHORTEST + " characters)");
        }
        requireQuota(bytesPerSecond, "bytes_per_second of " + name);
        requireQuota(eventsPerSecond, "events_per_second of " + name);
    }

    private static void requireQuota(long quota, String what) {
        if (quota < 0) {
            throw new IllegalArgumentException(what + ": " + quota + " (expected: 0 or more)");
        }
    }

    @Override
    public String toString() {
        return "ClientToken[" + name + ", " + bytesPerSecond + " B/s, " + eventsPerSecond + " events/s]";
    }
}
