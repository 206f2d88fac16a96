// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.profile;

import io.conjunct.signal.Matcher;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which types of exceptions rules name. There are as many types as libraries have authors, so one that nobody names is
 * counted and its name is not kept; a rule that matches types by pattern or splits by them wants all.
 */
final class ExceptionTypes {
    static final String KEY = "exception.type";

    private final Set<String> named = new TreeSet<>();
    private boolean all;

    void match(Matcher matcher) {
        if (!matcher.attribute().equals(KEY)) {
            return;
        }
        all |= !matcher.regex().isEmpty();
        named.addAll(matcher.values());
    }

    void splitBy(Collection<String> keys) {
        all |= keys.contains(KEY);
    }

    /** Empty to keep all. */
    Optional<Set<String>> inForce() {
        return all ? Optional.empty() : Optional.of(named);
    }
}
