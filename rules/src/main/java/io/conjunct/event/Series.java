// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a number of events have in common: kind, service, name, low-cardinality attributes, and the fields each of them
 * carries. Attributes are matched once per series and batch, never per event; that is what makes the engine fast.
 *
 * <p>Rules address all of it by attribute name: {@value #SERVICE_NAME} and {@value #SPAN_NAME} (or {@value #EVENT_NAME},
 * {@value #METRIC_NAME}) stand for {@link #service()} and {@link #name()}; a span's outcome is the attribute
 * {@value #STATUS} ({@code ok}, {@code error} or {@code unset}), its kind {@value #SPAN_KIND} ({@code server},
 * {@code client}, {@code internal}, {@code producer}, {@code consumer}). Values are text: booleans are {@code true} and
 * {@code false}.
 *
 * @param attributes sorted by key, none of them empty or one of the reserved names
 * @param fields sorted by name, no name twice
 */
public record Series(Kind kind, String service, String name, SortedMap<String, String> attributes, List<Field> fields) {

    public static final String SERVICE_NAME = "service.name";
    public static final String SPAN_NAME = "span.name";
    public static final String EVENT_NAME = "event.name";
    public static final String METRIC_NAME = "metric.name";
    public static final String SPAN_KIND = "span.kind";
    public static final String STATUS = "status";

    public Series {
        requireNonNull(kind, "kind");
        requireNonNull(service, "service");
        requireNonNull(name, "name");
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
        fields = fields.stream().sorted().toList();
        for (int i = 1; i < fields.size(); i++) {
            if (fields.get(i).name().equals(fields.get(i - 1).name())) {
                throw new IllegalArgumentException("fields: " + fields.get(i).name() + " stands twice");
            }
        }
    }

    public static Series span(String service, String name, Map<String, String> attributes) {
        return new Series(Kind.SPAN, service, name, new TreeMap<>(attributes), List.of(Field.duration()));
    }

    /** The value of an attribute, of the service or of the name, as rules address them; null when absent. */
    public @Nullable String get(String key) {
        return switch (key) {
            case SERVICE_NAME -> service.isEmpty() ? null : service;
            case SPAN_NAME -> kind == Kind.SPAN ? name : null;
            case EVENT_NAME -> kind == Kind.EVENT ? name : null;
            case METRIC_NAME -> kind == Kind.METRIC ? name : null;
            default -> attributes.get(key);
        };
    }

    /** Position of a field, or -1 when events of this series do not carry it. */
    public int indexOfField(String field) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(field)) {
                return i;
            }
        }
        return -1;
    }
}
