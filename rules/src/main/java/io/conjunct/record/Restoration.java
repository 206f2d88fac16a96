// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

/**
 * A person takes a demotion by the track record back: the rule pages again, and what it paged before does not count
 * against it by itself any more.
 *
 * @param rule that is demoted
 * @param by a person
 * @param atMillis when it was said, Unix milliseconds; episodes that begin from then on are pages
 */
public record Restoration(String rule, String by, long atMillis) implements Statement {
    public Restoration {
        Verdict.requireText(rule, "restore");
        Verdict.requireText(by, "by");
    }
}
