// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import io.conjunct.correlate.PublishedRules;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.RuleSource;
import java.util.List;

/** Where rule sets are published: the log that all correlators decide by. */
public interface RuleLog {
    /** What was published last, here or elsewhere. */
    PublishedRules published();

    /**
     * Puts checked files in force after all that was published before.
     *
     * @throws RuntimeException when they did not arrive; publishing them again is safe
     */
    RuleUpdate publish(String revision, List<RuleSource> files);
}
