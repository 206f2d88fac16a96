// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.MuteDraft;
import java.util.List;

/** All checks, in one place. What cannot be read at all is reported by the readers in {@code io.conjunct.rule}. */
public final class Checks {
    private static final List<RuleCheck> ALL = List.of(
            new DuplicateGroup(),
            new EmptyGroup(),
            new MissingOwner(),
            new OwnerSpelling(),
            new DuplicateRule(),
            new SameCondition(),
            new SingleSignal(),
            new NoReason(),
            new Join(),
            new UnreachableThreshold(),
            new ComparedWithItself(),
            new ExactEquality(),
            new Contradiction(),
            new ImpliedLeg(),
            new SequenceInUntil(),
            new UntilLogic(),
            new WithinOneLeg(),
            new ForOutlastsWindow(),
            new StaleBeforeResolved(),
            new ValueInLabel(),
            new UnknownTemplateLabel(),
            new NotFilled(),
            new MissingRunbook(),
            new Summary(),
            new UnusedSignal(),
            new SameSignal(),
            new TooFewSamples(),
            new TooLittleTraffic(),
            new DecidedByWhere(),
            new MissingBecomesValue(),
            new RegexHabits(),
            new SplitLabels(),
            new HighCardinalityBy());

    private Checks() {}

    public static void run(List<GroupDraft> groups, List<MuteDraft> silences, Setting setting, Findings findings) {
        ALL.forEach(check -> check.check(groups, findings));
        new WindowAndTick(setting.tick()).check(groups, findings);
        new MutedRules(groups, findings).check(silences);
        new ExpiredMute(setting.now(), findings).check(groups, silences);
    }
}
