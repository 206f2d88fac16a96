// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.event.Distribution;
import io.conjunct.event.Field;
import io.conjunct.event.Kind;
import io.conjunct.ingest.mapping.EventStage.StagedSeries;
import io.conjunct.ingest.metrics.Adjustment;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.Rejection;
import io.conjunct.ingest.metrics.Shaped;
import io.conjunct.ingest.metrics.Shaping;
import io.conjunct.ingest.metrics.Tally;
import io.conjunct.ingest.otlp.Attribute;
import io.conjunct.ingest.otlp.AttributeName;
import io.conjunct.ingest.otlp.AttributeName.Reading;
import io.conjunct.ingest.otlp.HistogramPoint;
import io.conjunct.ingest.otlp.OtlpVisitor;
import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.ingest.profile.SemanticNames;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of what an OTLP request says. Spans end when they end and carry how long they took; log records with an
 * event name are events; metric points carry a value or a distribution. One mapper serves one thread and any number of
 * requests, one after the other.
 */
public final class RequestMapper implements OtlpVisitor {
    private static final int REMEMBERED_NAMES = 2_048;
    private static final String UNKNOWN_SERVICE = "unknown_service";
    private static final String SERVICE_NAME = "service.name";
    private static final String EVENT_NAME = "event.name";

    private final ValueCaps caps;
    private final IngestMetrics notes;
    private final SeriesTable table;
    private final PointMapper points;
    private final EventStage stage;
    private final Tally tally = new Tally();
    private final AttributeSets sets = new AttributeSets();
    private final SeriesKey key = new SeriesKey(sets.empty());
    private final Map<String, Name> known = new HashMap<>();
    private final StreamIdentity identity = new StreamIdentity();
    private final double[] fieldValues = new double[IngestProfile.MAX_FIELDS];

    private IngestProfile profile = IngestProfile.keepEverything();
    private ReceiveClock clock = new ReceiveClock(0);
    private int names;
    private boolean metrics;
    private AttributeSet resource = sets.empty();
    private @Nullable String serviceSeen;
    private String eventSeen = "";
    private String metric = "";
    private int temporality;
    private boolean monotonic;

    RequestMapper(ValueCaps caps, CumulativeStreams streams, long tickMillis, IngestMetrics notes) {
        this.notes = notes;
        this.caps = caps;
        this.table = new SeriesTable(caps);
        this.points = new PointMapper(streams);
        this.stage = new EventStage(tickMillis);
    }

    /** Starts a request; the stage and the tally of the one before are emptied. */
    public void begin(Signal signal, IngestProfile newProfile, long receivedMillis) {
        if (!newProfile.equals(profile)) {
            profile = newProfile;
            known.clear();
            names++;
            sets.forget();
            table.follow(newProfile);
        }
        caps.tick(receivedMillis);
        clock = new ReceiveClock(receivedMillis);
        metrics = signal == Signal.METRICS;
        stage.clear();
        tally.clear();
        resource = sets.empty().asResource(UNKNOWN_SERVICE);
        key.attributes = sets.empty();
        forgetRecord();
    }

    /** The events of the request so far. */
    public EventStage stage() {
        return stage;
    }

    /** What happened to its records so far. */
    public Tally tally() {
        return tally;
    }

    @Override
    public int names() {
        return names;
    }

    @Override
    public AttributeName name(String text) {
        Name name = known.get(text);
        if (name == null) {
            if (known.size() >= REMEMBERED_NAMES) {
                known.clear();
            }
            name = decide(text);
            known.put(text, name);
        }
        return name;
    }

    @Override
    public void skipped(Reading how, int count) {
        if (how == Reading.WITHHELD) {
            tally.skipPrivate(count);
        } else {
            tally.skipUnread(count);
        }
    }

    private static Use use(AttributeName name) {
        return ((Name) name).use;
    }

    @Override
    public void attribute(Attribute attribute) {
        AttributeSet next = metrics ? null : key.attributes.foreseen(attribute);
        if (next == null) {
            unforeseen(attribute);
        } else {
            key.attributes = next;
        }
    }

    private void unforeseen(Attribute attribute) {
        if (metrics) {
            identity.attribute(attribute.name.text, attribute.value);
        }
        Use use = use(attribute.name);
        if (use == Use.KEEP) {
            keep(attribute);
        } else {
            put(use, attribute.value);
        }
    }

    private void keep(Attribute attribute) {
        AttributeSet before = key.attributes;
        if (before.count < AttributeSet.MOST) {
            key.attributes = before.with(attribute);
        } else {
            tally.adjust(Adjustment.ATTRIBUTE_OVER_CAP);
        }
    }

    private void put(Use use, String value) {
        switch (use) {
            case SERVICE -> serviceSeen = value;
            case EVENT -> eventSeen = eventSeen.isEmpty() ? value : eventSeen;
            case PRIVATE, NONE -> skipped(use.reading, 1);
            case KEEP, FIELD -> {}
        }
    }

    @Override
    public void number(AttributeName name, double value) {
        if (metrics) {
            identity.attribute(name.text, Double.toString(value));
        }
        field(((Name) name).current, value);
    }

    @Override
    public void attributeWithoutScalar(AttributeName name) {
        Use use = use(name);
        if (use == Use.NONE || use == Use.PRIVATE) {
            skipped(use.reading, 1);
        } else {
            tally.adjust(Adjustment.ATTRIBUTE_NOT_SCALAR);
        }
    }

    @Override
    public void resource() {
        resource =
                key.attributes.asResource(serviceSeen == null || serviceSeen.isEmpty() ? UNKNOWN_SERVICE : serviceSeen);
        identity.resource();
        endRecord();
    }

    @Override
    public void scope(String name) {
        identity.scope(name);
    }

    @Override
    public void span(
            String name,
            int kind,
            long startNanos,
            long endNanos,
            int status,
            long traceHigh,
            long traceLow,
            boolean validIds) {
        if (!validIds) {
            tally.reject(Rejection.INVALID_ID);
            endRecord();
            return;
        }
        key.kind = Kind.SPAN;
        key.name = name;
        key.spanKind = kind;
        key.status = status;
        long time = time(endNanos);
        long duration = ReceiveClock.durationNanos(startNanos, endNanos, tally);
        StagedSeries series = find();
        if (series != null) {
            stage.addSpan(series, time, duration, traceHigh, traceLow);
        }
        if (series != null && key.fieldCount > 0) {
            stage.setValues(stage.size() - 1, row(series, Field.DURATION, duration));
        }
        endRecord();
    }

    @Override
    public void logRecord(String eventName, long timeNanos, long observedNanos) {
        String name = eventName.isEmpty() ? eventSeen : eventName;
        if (name.isEmpty()) {
            tally.reject(Rejection.NO_EVENT_NAME);
            endRecord();
            return;
        }
        unlikeSpan(Kind.EVENT, name);
        long time = time(timeNanos != 0 ? timeNanos : observedNanos);
        StagedSeries series = find();
        if (series != null) {
            stage.add(series, time, row(series, "", 0.0));
        }
        endRecord();
    }

    @Override
    public void metric(String name, int newTemporality, boolean isMonotonic) {
        metric = name;
        temporality = newTemporality;
        monotonic = isMonotonic;
    }

    @Override
    public void point(boolean sum, long startNanos, long timeNanos, boolean recorded, double value) {
        if (isMeasured(recorded)) {
            var point = new CumulativePoint.Sum(startNanos, timeNanos, value);
            Double measured = points.number(sum, temporality, monotonic, identity.of(metric), point, stage, tally);
            if (measured != null) {
                measured(Field.Type.NUMBER, timeNanos, measured);
            }
        }
        endRecord();
    }

    @Override
    public void histogram(HistogramPoint point) {
        if (isMeasured(point.recorded)) {
            Distribution measured = points.distribution(temporality, identity.of(metric), point, stage, tally);
            if (measured != null) {
                measured(Field.Type.DISTRIBUTION, point.timeNanos, measured);
            }
        }
        endRecord();
    }

    @Override
    public void unsupportedPoint() {
        tally.reject(Rejection.SUMMARY);
        endRecord();
    }

    private boolean isMeasured(boolean recorded) {
        if (!recorded || metric.isEmpty()) {
            tally.reject(recorded ? Rejection.INVALID_POINT : Rejection.NO_RECORDED_VALUE);
            return false;
        }
        return true;
    }

    private void measured(Field.Type type, long timeNanos, Object value) {
        unlikeSpan(Kind.METRIC, metric);
        key.valueType = type;
        long time = time(timeNanos);
        StagedSeries series = find();
        if (series != null) {
            stage.add(series, time, row(series, Field.VALUE, value));
        }
    }

    private long time(long nanos) {
        long millis = clock.eventMillis(nanos, tally);
        Shaping problem = clock.problem(nanos, millis);
        if (problem != null) {
            tally.shape(new Shaped(resource.service, "time", problem));
        }
        return millis;
    }

    private void unlikeSpan(Kind kind, String name) {
        key.kind = kind;
        key.name = name;
        key.spanKind = 0;
        key.status = 0;
        key.valueType = Field.Type.NUMBER;
    }

    /** Null when no rule reads such events. */
    private @Nullable StagedSeries find() {
        StagedSeries series = table.find(key, tally);
        if (!series.read) {
            tally.reject(Rejection.NO_RULE);
            return null;
        }
        tally.accept();
        if (!series.shaped.isEmpty()) {
            series.shaped.forEach(tally::shape);
        }
        return series;
    }

    /** The values of an event in the order of its series' fields. */
    private Object[] row(StagedSeries series, String mainField, Object mainValue) {
        Object[] values = new Object[series.series.fields().size()];
        int main = series.series.indexOfField(mainField);
        if (main >= 0) {
            values[main] = mainValue;
        }
        for (int i = 0; i < key.fieldCount; i++) {
            values[series.series.indexOfField(key.fieldNames[i])] = fieldValues[i];
        }
        return values;
    }

    private void endRecord() {
        if (sets.isFull()) {
            sets.forget();
            table.forget();
            resource = resource.in(sets.empty());
        }
        key.attributes = resource;
        forgetRecord();
    }

    private void forgetRecord() {
        key.fieldCount = 0;
        serviceSeen = null;
        eventSeen = "";
        identity.forgetRecord();
    }

    private void field(String current, double value) {
        if (!Double.isFinite(value) || key.fieldCount == fieldValues.length) {
            return;
        }
        for (int i = 0; i < key.fieldCount; i++) {
            if (key.fieldNames[i].equals(current)) {
                return;
            }
        }
        fieldValues[key.fieldCount] = value;
        key.addField(current);
    }

    private Name decide(String text) {
        String current = SemanticNames.current(text);
        Use use = use(current);
        if (use == Use.PRIVATE) {
            notes.privateKey(text);
        }
        return new Name(text, current, use);
    }

    private Use use(String current) {
        if (current.equals(SERVICE_NAME)) {
            return Use.SERVICE;
        }
        if (current.equals(EVENT_NAME)) {
            return Use.EVENT;
        }
        if (profile.keepsField(current) && !current.equals(Field.DURATION) && !current.equals(Field.VALUE)) {
            return Use.FIELD;
        }
        if (IngestProfile.isPrivate(current)) {
            return Use.PRIVATE;
        }
        return profile.reads(current) ? Use.KEEP : Use.NONE;
    }

    /** A name and what becomes of its attributes. */
    private static final class Name extends AttributeName {
        private final String current;
        private final Use use;

        Name(String text, String current, Use use) {
            super(text, use.reading);
            this.current = current;
            this.use = use;
        }
    }

    /** What becomes of an attribute. */
    private enum Use {
        KEEP(Reading.TEXT),
        FIELD(Reading.NUMBER),
        SERVICE(Reading.TEXT),
        EVENT(Reading.TEXT),
        PRIVATE(Reading.WITHHELD),
        NONE(Reading.SKIPPED);

        private final Reading reading;

        Use(Reading reading) {
            this.reading = reading;
        }
    }
}
