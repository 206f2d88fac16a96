// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * What happened to a page's incident at the provider. It measures, it does not judge.
 *
 * @param episode the alert's key
 * @param what happened
 * @param incident the provider's identity of the incident; may be empty
 * @param by a person or a system
 * @param atMillis when, Unix milliseconds
 */
public record Observation(String episode, What what, String incident, String by, long atMillis) implements Statement {
    /** What can be seen from outside. */
    public enum What {
        OPENED,
        ACKNOWLEDGED,
        RESOLVED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Observation {
        requireNonNull(episode, "episode");
        requireNonNull(what, "what");
        requireNonNull(incident, "incident");
        requireNonNull(by, "by");
    }
}
