// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.profile;

import java.util.Set;

/**
 * What the sidecar keeps of an event; everything else is skipped before it costs anything. Names are those of today's
 * semantic conventions ({@link SemanticNames}).
 *
 * @param everything keep every attribute that is not dropped always; {@code attributes} is then ignored
 * @param attributes keys of the attributes to keep
 * @param fields keys of the numeric attributes that become fields of their events instead of attributes, at most 16
 */
public record IngestProfile(boolean everything, Set<String> attributes, Set<String> fields) {

    /** Upper bound of the number of extra fields. */
    public static final int MAX_FIELDS = 16;

    /** Attributes of one series beyond this number are dropped. */
    public static final int MAX_ATTRIBUTES = 32;

    /** Longer attribute values and names are cut, never within a code point. */
    public static final int MAX_CHARS = 256;

    /** Distinct values of one attribute beyond this number fold into {@link #OTHER}. */
    public static final int MAX_VALUES_PER_KEY = 1_000;

    /** Distinct attribute keys beyond this number are dropped. */
    public static final int MAX_KEYS = 1_000;

    /** What values beyond the cap are folded into. */
    public static final String OTHER = "__other__";

    public IngestProfile {
        attributes = Set.copyOf(attributes);
        fields = Set.copyOf(fields);
        if (fields.size() > MAX_FIELDS) {
            throw new IllegalArgumentException("fields: " + fields.size() + " (expected: at most " + MAX_FIELDS + ")");
        }
    }

    /** Keeps all attributes but those that are dropped always. */
    public static IngestProfile keepEverything() {
        return new IngestProfile(true, Set.of(), Set.of());
    }

    /** Keeps these attributes and fields only. */
    public static IngestProfile keepOnly(Set<String> attributes, Set<String> fields) {
        return new IngestProfile(false, attributes, fields);
    }

    /** Whether an attribute of this (current) name is kept as an attribute. */
    public boolean keeps(String key) {
        return everything ? !DroppedAlways.contains(key) : attributes.contains(key);
    }

    /** Whether a numeric attribute of this (current) name is kept as a field. */
    public boolean keepsField(String key) {
        return fields.contains(key);
    }
}
