// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.profile.IngestProfile;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What app teams are told about telemetry that was accepted, as OTLP provides for: a partial success with nothing
 * rejected. Once per minute and application; {@value #MOST} applications are remembered. Attribute values are never told.
 * Thread-safe.
 */
final class Warnings {
    private static final int MOST = 1_000;
    private static final int KEYS = 5;
    private static final long PAUSE_MILLIS = 60_000;

    private final Map<String, Long> lastMillis = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    /** One English sentence, or nothing. */
    synchronized String about(String application, Map<String, Long> folded, long nowMillis) {
        if (folded.isEmpty()) {
            return "";
        }
        Long last = lastMillis.get(application);
        if (last != null && Math.abs(nowMillis - last) < PAUSE_MILLIS) {
            return "";
        }
        lastMillis.put(application, nowMillis);
        String keys =
                String.join(", ", folded.keySet().stream().sorted().limit(KEYS).toList());
        return "accepted, but these attributes have too many different values, of which further ones count as "
                + IngestProfile.OTHER + ": " + keys;
    }
}
