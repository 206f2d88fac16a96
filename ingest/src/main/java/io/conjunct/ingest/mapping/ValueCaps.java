// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.ingest.profile.IngestProfile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The distinct values seen per attribute, so that an attribute with too many of them folds instead of making series
 * without end. Forgets everything once per hour, so that yesterday's versions do not fill the cap for ever.
 *
 * <p>Bounds: {@link IngestProfile#MAX_KEYS} keys, {@link IngestProfile#MAX_VALUES_PER_KEY} values each,
 * {@value #MAX_VALUES} values together. Thread-safe; asked only when a series is new to a decoder.
 */
final class ValueCaps {
    private static final int MAX_VALUES = 20_000;
    private static final long PERIOD_MILLIS = 3_600_000;

    private final Map<String, Set<String>> values = new HashMap<>();
    private int total;
    private long since = Long.MIN_VALUE;
    private volatile int generation;

    /** Rises when values were forgotten: whoever remembers answers has to forget them too. */
    int generation() {
        return generation;
    }

    synchronized void tick(long nowMillis) {
        if (since == Long.MIN_VALUE) {
            since = nowMillis;
        } else if (nowMillis - since >= PERIOD_MILLIS) {
            since = nowMillis;
            values.clear();
            total = 0;
            generation++;
        }
    }

    /** The value, what it folds into, or null when the key itself is one too many. */
    synchronized @Nullable String admit(String key, String value) {
        Set<String> seen = values.get(key);
        if (seen == null) {
            if (values.size() >= IngestProfile.MAX_KEYS) {
                return null;
            }
            seen = new HashSet<>();
            values.put(key, seen);
        }
        if (seen.contains(value)) {
            return value;
        }
        if (seen.size() >= IngestProfile.MAX_VALUES_PER_KEY || total >= MAX_VALUES) {
            return IngestProfile.OTHER;
        }
        seen.add(value);
        total++;
        return value;
    }
}
