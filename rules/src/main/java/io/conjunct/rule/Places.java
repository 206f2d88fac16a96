// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Place;
import java.util.IdentityHashMap;
import java.util.Objects;

/** Where the parts of a condition stand in the file. By identity: two equal legs stand in two places. */
public final class Places {
    private final IdentityHashMap<Object, Place> places = new IdentityHashMap<>();

    void put(Object part, Place place) {
        places.put(part, place);
    }

    /** The place of a {@link Condition} or {@link Expression} that was read with this. */
    public Place of(Object part) {
        return Objects.requireNonNull(places.get(part), "a part of another rule");
    }
}
