// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.profile;

import io.conjunct.event.Field;
import io.conjunct.event.Series;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Outcome;
import io.conjunct.signal.Selector;
import io.conjunct.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the sidecar keeps of an event; everything else is skipped before it costs anything. Names are those of today's
 * semantic conventions ({@link SemanticNames}).
 *
 * @param everything keep every attribute that is not dropped always; {@code attributes} is then ignored
 * @param attributes keys of the attributes to keep
 * @param fields keys of the numeric attributes that become fields of their events instead of attributes, at most
 *     {@value #MAX_FIELDS}
 * @param readers events that none of them selects are dropped and counted; empty to keep all
 * @param exceptionTypes the types of exceptions that are kept, others fold; empty to keep all
 */
public record IngestProfile(
        boolean everything,
        Set<String> attributes,
        Set<String> fields,
        Optional<List<Selector>> readers,
        Optional<Set<String>> exceptionTypes) {

    /** Upper bound of the number of extra fields. */
    public static final int MAX_FIELDS = 64;

    /** Attributes of one series beyond this number are dropped. */
    public static final int MAX_ATTRIBUTES = 32;

    /** Longer attribute values and names are cut, never within a code point. */
    public static final int MAX_CHARS = 256;

    /** Distinct values of one attribute beyond this number fold into {@link #OTHER}. */
    public static final int MAX_VALUES_PER_KEY = 1_000;

    /** Distinct attribute keys beyond this number are dropped. */
    public static final int MAX_KEYS = 1_000;

    /** The attribute whose values are kept only where a rule names them. */
    public static final String EXCEPTION_TYPE = ExceptionTypes.KEY;

    /** What values beyond the cap are folded into. */
    public static final String OTHER = "__other__";

    public IngestProfile {
        attributes = Set.copyOf(attributes);
        fields = Set.copyOf(fields);
        readers = readers.map(List::copyOf);
        exceptionTypes = exceptionTypes.map(Set::copyOf);
        if (fields.size() > MAX_FIELDS) {
            throw new IllegalArgumentException("fields: " + fields.size() + " (expected: at most " + MAX_FIELDS + ")");
        }
    }

    /** Keeps all attributes but those that are dropped always. */
    public static IngestProfile keepEverything() {
        return new IngestProfile(true, Set.of(), Set.of(), Optional.empty(), Optional.empty());
    }

    /** Keeps these attributes and fields only. */
    public static IngestProfile keepOnly(Set<String> attributes, Set<String> fields) {
        return new IngestProfile(false, attributes, fields, Optional.empty(), Optional.empty());
    }

    /** Keeps what these rules read: their events, attributes and quantities. */
    public static IngestProfile of(RuleSet rules) {
        Set<String> attributes = new TreeSet<>();
        Set<String> fields = new TreeSet<>();
        List<Selector> readers = new ArrayList<>();
        ExceptionTypes exceptions = new ExceptionTypes();
        for (RuleGroup group : rules.groups()) {
            for (Signal signal : group.allSignals().values()) {
                readers.add(signal.of());
                attributes.addAll(signal.by());
                exceptions.splitBy(signal.by());
                signal.of().where().forEach(exceptions::match);
                signal.of().where().forEach(matcher -> attributes.add(matcher.attribute()));
                fields.add(signal.measure().field());
                signal.measure().outcome().ifPresent(outcome -> {
                    if (outcome instanceof Outcome.Attribute by) {
                        attributes.add(by.matcher().attribute());
                        exceptions.match(by.matcher());
                    } else if (outcome instanceof Outcome.Measured by) {
                        fields.add(by.field());
                    }
                });
            }
        }
        // What every event of its kind carries is not looked for among its attributes.
        fields.removeAll(Set.of("", Field.DURATION, Field.VALUE));
        Set<String> first = fields.stream().limit(MAX_FIELDS).collect(Collectors.toCollection(TreeSet::new));
        return new IngestProfile(
                false,
                attributes,
                first,
                Optional.of(readers.stream().distinct().toList()),
                exceptions.inForce());
    }

    /** The same with events that no rule reads. */
    public IngestProfile withAllEvents() {
        return new IngestProfile(everything, attributes, fields, Optional.empty(), Optional.empty());
    }

    /** Whether some rule reads events of this series. To be asked once per series. */
    public Predicate<Series> compileReaders() {
        if (readers.isEmpty()) {
            return series -> true;
        }
        List<Matcher.SeriesPredicate> predicates =
                readers.get().stream().map(Selector::compile).toList();
        return series -> predicates.stream().anyMatch(predicate -> predicate.test(series));
    }

    /** The span names that rules spell out: they stay as they are. */
    public Set<String> spelledNames() {
        Set<String> names = new TreeSet<>();
        for (Selector reader : readers.orElse(List.of())) {
            names.add(reader.name());
            reader.where().stream()
                    .filter(matcher -> matcher.attribute().equals(Series.SPAN_NAME))
                    .forEach(matcher -> names.addAll(matcher.values()));
        }
        return names;
    }

    /** Whether an attribute of this (current) name has to be read. */
    public boolean reads(String key) {
        return keeps(key) || (keeps(Dependency.NAME) && Dependency.isPart(key));
    }

    /** Whether an attribute of this (current) name never leaves the process. */
    public static boolean isPrivate(String key) {
        return DroppedAlways.isPrivate(key);
    }

    /** Whether an attribute of this (current) name is kept as an attribute. */
    public boolean keeps(String key) {
        return everything ? !DroppedAlways.contains(key) : attributes.contains(key) && !DroppedAlways.isPrivate(key);
    }

    /** Whether exceptions of this type keep it. */
    public boolean keepsExceptionType(String type) {
        return exceptionTypes.isEmpty() || exceptionTypes.get().contains(type);
    }

    /** Whether a numeric attribute of this (current) name is kept as a field. */
    public boolean keepsField(String key) {
        return fields.contains(key) && !DroppedAlways.isPrivate(key);
    }
}
