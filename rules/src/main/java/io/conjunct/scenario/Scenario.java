// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Place;
import java.util.List;

/**
 * One test: a timeline and the alerts that must come of it.
 *
 * @param tick of the engine, milliseconds
 * @param until how long the timeline is, milliseconds, a whole number of ticks
 */
record Scenario(String name, Place place, long tick, long until, List<EventLine> given, List<Expected> expect) {
    Scenario {
        given = List.copyOf(given);
        expect = List.copyOf(expect);
    }
}
