// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static java.util.Objects.requireNonNull;

/**
 * An incident that no rule paged for, as a person recorded it, so that recall is known.
 *
 * @param id any name for it
 * @param rule the rule that should have paged; empty when none exists
 * @param atMillis when it began, Unix milliseconds
 */
public record MissedIncident(String id, String rule, long atMillis) implements Statement {
    public MissedIncident {
        requireNonNull(id, "id");
        requireNonNull(rule, "rule");
    }
}
