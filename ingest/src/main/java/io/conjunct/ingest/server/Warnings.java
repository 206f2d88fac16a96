// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.metrics.Shaped;
import io.conjunct.ingest.metrics.Shaping;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

    /**
     * One English sentence, or nothing.
     *
     * @param shaped what was made coarser, of any service
     */
    synchronized String about(Set<Shaped> shaped, long nowMillis) {
        Map<Shaping, Set<String>> keys = new EnumMap<>(Shaping.class);
        Set<String> due = new HashSet<>();
        for (Shaped each : shaped) {
            if (each.how() != Shaping.TYPE_NOT_NAMED && isDue(each.service(), nowMillis)) {
                due.add(each.service());
                keys.computeIfAbsent(each.how(), h -> new TreeSet<>()).add(each.key());
            }
        }
        due.forEach(service -> lastMillis.put(service, nowMillis));
        StringBuilder sentence = new StringBuilder();
        keys.forEach((how, names) -> sentence.append(sentence.isEmpty() ? "accepted, but " : "; ")
                .append(names.stream().limit(KEYS).collect(Collectors.joining(", ")))
                .append(' ')
                .append(how.advice()));
        return sentence.toString();
    }

    private boolean isDue(String application, long nowMillis) {
        Long last = lastMillis.get(application);
        return last == null || Math.abs(nowMillis - last) >= PAUSE_MILLIS;
    }
}
