// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.event.Field;
import io.conjunct.event.Kind;
import io.conjunct.event.Series;
import io.conjunct.ingest.mapping.EventStage.StagedSeries;
import io.conjunct.ingest.metrics.Adjustment;
import io.conjunct.ingest.metrics.Shaped;
import io.conjunct.ingest.metrics.Shaping;
import io.conjunct.ingest.metrics.Tally;
import io.conjunct.ingest.otlp.Attribute;
import io.conjunct.ingest.profile.Dependency;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.ingest.profile.NameTemplate;
import io.conjunct.ingest.profile.SemanticNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * From what a record says to the series it belongs to: today's names win over old ones and the record over its resource,
 * the first of two equal keys counts, texts are cut, values beyond their cap fold. Remembers {@value #REMEMBERED} answers
 * and forgets all of them when full. Not thread-safe.
 */
final class SeriesTable {
    private static final int REMEMBERED = 1_024;
    private static final Set<String> RESERVED = Set.of(
            Series.SERVICE_NAME,
            Series.SPAN_NAME,
            Series.EVENT_NAME,
            Series.METRIC_NAME,
            Series.SPAN_KIND,
            Series.STATUS);
    private static final int MAX_KEY_CHARS = 128;

    private final ValueCaps caps;
    private final Map<SeriesKey, StagedSeries> remembered = new HashMap<>();
    private IngestProfile profile = IngestProfile.keepEverything();
    private Predicate<Series> readers = series -> true;
    private Set<String> spelledNames = Set.of();
    private int generation;

    SeriesTable(ValueCaps caps) {
        this.caps = caps;
    }

    /** Starts anew for another profile. */
    void follow(IngestProfile newProfile) {
        profile = newProfile;
        readers = newProfile.compileReaders();
        spelledNames = newProfile.spelledNames();
        remembered.clear();
    }

    StagedSeries find(SeriesKey key, Tally tally) {
        if (generation != caps.generation()) {
            generation = caps.generation();
            remembered.clear();
        }
        AttributeSet attributes = key.attributes;
        if (attributes.lastGeneration == generation
                && attributes.lastKey != null
                && attributes.lastSeries != null
                && attributes.lastKey.isLike(key)) {
            return attributes.lastSeries;
        }
        return lookUp(key, tally);
    }

    private StagedSeries lookUp(SeriesKey key, Tally tally) {
        SeriesKey kept = key.copy();
        StagedSeries known = remembered.get(key);
        if (known == null) {
            if (remembered.size() >= REMEMBERED) {
                remembered.clear();
            }
            known = make(key, tally);
            remembered.put(kept, known);
        }
        key.attributes.last(kept, known, generation);
        return known;
    }

    /** Sets of attributes begin anew, so nothing that is remembered will be found again. */
    void forget() {
        remembered.clear();
    }

    private StagedSeries make(SeriesKey key, Tally tally) {
        Draft draft = new Draft();
        if (key.kind == Kind.SPAN) {
            draft.attributes.put(Series.SPAN_KIND, spanKind(key.spanKind));
            draft.attributes.put(Series.STATUS, status(key.status));
        }
        List<Attribute> own = key.attributes.ofRecord();
        List<Attribute> resource = key.attributes.ofResource();
        collect(own, false, draft, tally);
        collect(own, true, draft, tally);
        collect(resource, false, draft, tally);
        collect(resource, true, draft, tally);
        String dependency = key.kind == Kind.SPAN && profile.keeps(Dependency.NAME) ? Dependency.of(draft.parts) : null;
        if (dependency != null) {
            put(Dependency.NAME, dependency, draft, tally);
        }
        String nameKey = switch (key.kind) {
            case SPAN -> Series.SPAN_NAME;
            case EVENT -> Series.EVENT_NAME;
            case METRIC -> Series.METRIC_NAME;
        };
        String service = admit(Series.SERVICE_NAME, key.attributes.service, draft, tally);
        String name = admit(nameKey, name(key, draft), draft, tally);
        Series series = new Series(
                key.kind,
                service == null ? IngestProfile.OTHER : service,
                name == null ? IngestProfile.OTHER : name,
                new TreeMap<>(draft.attributes),
                fields(key));
        List<Shaped> shaped = new ArrayList<>();
        draft.shaped.forEach((shapedKey, how) -> shaped.add(new Shaped(series.service(), shapedKey, how)));
        return new StagedSeries(series, shaped, readers.test(series));
    }

    /** What a series is made of before it is one. */
    private static final class Draft {
        private final Map<String, String> attributes = new TreeMap<>();
        private final Map<String, String> parts = new HashMap<>(0);
        private final Map<String, Shaping> shaped = new HashMap<>(0);
    }

    /** Span names lose their ids, unless a rule spells one out as it is. */
    private String name(SeriesKey key, Draft draft) {
        if (key.kind != Kind.SPAN || spelledNames.contains(key.name)) {
            return key.name;
        }
        String template = NameTemplate.of(key.name);
        if (!template.equals(key.name)) {
            draft.shaped.put(Series.SPAN_NAME, Shaping.IDS_IN_NAME);
        }
        return template;
    }

    private static List<Field> fields(SeriesKey key) {
        List<Field> fields = new ArrayList<>();
        switch (key.kind) {
            case SPAN -> fields.add(Field.duration());
            case METRIC -> fields.add(new Field(Field.VALUE, key.valueType));
            case EVENT -> {}
        }
        for (int i = 0; i < key.fieldCount; i++) {
            fields.add(Field.number(key.fieldNames[i]));
        }
        return fields;
    }

    private void collect(List<Attribute> attributes, boolean oldNames, Draft draft, Tally tally) {
        for (Attribute each : attributes) {
            String current = SemanticNames.current(each.name.text);
            if (current.equals(each.name.text) == oldNames) {
                continue;
            }
            if (RESERVED.contains(current)) {
                tally.adjust(Adjustment.ATTRIBUTE_RESERVED);
                continue;
            }
            String value = SemanticNames.value(current, each.value);
            if (value == null || value.isEmpty() || current.isEmpty()) {
                continue;
            }
            if (Dependency.isPart(current)) {
                draft.parts.putIfAbsent(current, value);
            }
            if (profile.keeps(current) && !draft.attributes.containsKey(current)) {
                put(current, value, draft, tally);
            }
        }
    }

    private void put(String current, String value, Draft draft, Tally tally) {
        String kept = value;
        if (current.equals(IngestProfile.EXCEPTION_TYPE) && !profile.keepsExceptionType(value)) {
            draft.shaped.put(current, Shaping.TYPE_NOT_NAMED);
            kept = IngestProfile.OTHER;
        }
        String admitted = draft.attributes.size() >= IngestProfile.MAX_ATTRIBUTES || current.length() > MAX_KEY_CHARS
                ? null
                : admit(current, kept, draft, tally);
        if (admitted == null) {
            tally.adjust(Adjustment.ATTRIBUTE_OVER_CAP);
        } else {
            draft.attributes.put(current, admitted);
        }
    }

    private @Nullable String admit(String key, String value, Draft draft, Tally tally) {
        String admitted = caps.admit(key, cut(value, tally));
        if (IngestProfile.OTHER.equals(admitted)) {
            draft.shaped.putIfAbsent(key, Shaping.TOO_MANY_VALUES);
        }
        return admitted;
    }

    private static String cut(String text, Tally tally) {
        if (text.length() <= IngestProfile.MAX_CHARS) {
            return text;
        }
        tally.adjust(Adjustment.TEXT_CUT);
        int end = IngestProfile.MAX_CHARS;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }

    private static String spanKind(int kind) {
        return switch (kind) {
            case 2 -> "server";
            case 3 -> "client";
            case 4 -> "producer";
            case 5 -> "consumer";
            default -> "internal";
        };
    }

    private static String status(int status) {
        return switch (status) {
            case 1 -> "ok";
            case 2 -> "error";
            default -> "unset";
        };
    }
}
