// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import java.util.List;

/** One thing that can be wrong with rules that can be read. Sees all groups of all files. */
interface RuleCheck {
    void check(List<GroupDraft> groups, Findings findings);
}
