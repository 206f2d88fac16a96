// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.alert;

import java.util.Locale;

/** What an alert may cost a human. */
public enum Tier {
    /** Wakes somebody. */
    PAGE,
    /** Opens work for office hours. */
    TICKET,
    /** Marks dashboards; nobody is told. */
    ANNOTATE;

    /** The word rule files and alerts use. */
    /** The next cheaper one; of the cheapest itself. */
    public Tier below() {
        return this == PAGE ? TICKET : ANNOTATE;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Tier of(String word) {
        for (Tier tier : values()) {
            if (tier.word().equals(word)) {
                return tier;
            }
        }
        throw new IllegalArgumentException("tier: " + word + " (expected: page, ticket or annotate)");
    }
}
