// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.ingest.mapping.EventStage.StagedSeries;
import io.conjunct.ingest.otlp.Attribute;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kept attributes of a resource, and of a record of it so far, in their order. The same attributes in the same order
 * are the same object until {@link AttributeSets} forgets them: what came next is remembered here, and so is the series
 * that they were last part of, so that a record like the ones before it is compared with nothing but objects.
 */
final class AttributeSet {
    /** More are not kept. */
    static final int MOST = 128;

    final String service;
    final int count;

    private final AttributeSets family;
    private final @Nullable AttributeSet before;
    private final @Nullable Attribute attribute;
    private final AttributeSet resource;

    private @Nullable Attribute nextAttribute;
    private AttributeSet next = this;
    private @Nullable Attribute laterAttribute;
    private AttributeSet later = this;
    private @Nullable Map<Attribute, AttributeSet> others;
    private @Nullable Map<String, AttributeSet> resources;

    /** The record that had these attributes last, and its series, as it was under that generation of caps. */
    @Nullable
    SeriesKey lastKey;

    @Nullable
    StagedSeries lastSeries;

    int lastGeneration;

    /** One without attributes, of nobody's resource. */
    AttributeSet(AttributeSets family) {
        this.family = family;
        this.service = "";
        this.count = 0;
        this.before = null;
        this.attribute = null;
        this.resource = this;
    }

    private AttributeSet(AttributeSet before, @Nullable Attribute attribute, @Nullable String service) {
        this.family = before.family;
        this.before = before;
        this.attribute = attribute;
        this.service = service == null ? before.service : service;
        this.count = attribute == null ? before.count : before.count + 1;
        this.resource = service == null ? before.resource : this;
    }

    /** These and one more, if that came next last time: then it is one to be kept, and not one too many; otherwise null. */
    @Nullable
    AttributeSet foreseen(Attribute more) {
        return more == nextAttribute ? next : null;
    }

    /** These and one more; there are not too many. */
    AttributeSet with(Attribute more) {
        AttributeSet foreseen = foreseen(more);
        return foreseen == null ? lookUp(more) : foreseen;
    }

    private AttributeSet lookUp(Attribute more) {
        AttributeSet found = more == laterAttribute ? later : find(more);
        laterAttribute = nextAttribute;
        later = next;
        nextAttribute = more;
        next = found;
        return found;
    }

    private AttributeSet find(Attribute more) {
        if (others == null) {
            others = new HashMap<>(2);
        }
        AttributeSet found = others.get(more);
        if (found == null) {
            found = new AttributeSet(this, more, null);
            others.put(more, found);
            family.grew();
        }
        return found;
    }

    /** These as the attributes of a resource, which records begin with. */
    AttributeSet asResource(String ofService) {
        if (resources == null) {
            resources = new HashMap<>(2);
        }
        AttributeSet found = resources.get(ofService);
        if (found == null) {
            found = new AttributeSet(this, null, ofService);
            resources.put(ofService, found);
            family.grew();
        }
        return found;
    }

    /** The same in another family. */
    AttributeSet in(AttributeSet empty) {
        if (before == null) {
            return empty;
        }
        AttributeSet same = before.in(empty);
        return attribute == null ? same.asResource(service) : same.with(attribute);
    }

    /** Those of the record, in their order. */
    List<Attribute> ofRecord() {
        return since(resource);
    }

    /** Those of its resource, in their order. */
    List<Attribute> ofResource() {
        return resource.before == null ? List.of() : resource.before.since(null);
    }

    private List<Attribute> since(@Nullable AttributeSet begin) {
        Deque<Attribute> found = new ArrayDeque<>();
        for (AttributeSet each = this; each != null && each != begin; each = each.before) {
            if (each.attribute != null) {
                found.addFirst(each.attribute);
            }
        }
        return new ArrayList<>(found);
    }

    void last(SeriesKey key, StagedSeries series, int generation) {
        lastKey = key;
        lastSeries = series;
        lastGeneration = generation;
    }
}
