// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.alert.Alert;
import io.conjunct.alert.LegPages;

/** Receives what a task decides, in order. */
public interface Decisions {

    /** An alert changed state. */
    void alert(Alert alert);

    /** One leg more would have paged by itself today; for the record, nobody is told. */
    default void legs(LegPages today) {}

    /** A rule group was evaluated; called once per group and tick, after its alerts. */
    void tick(GroupTick tick);

    /**
     * The task has switched to other rules.
     *
     * @param fromMillis event time of the first pane they decide
     */
    default void switched(RuleUpdate rules, long fromMillis) {}
}
