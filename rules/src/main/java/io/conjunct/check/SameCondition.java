// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import io.conjunct.rule.Expression;
import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code rule/duplicate} and {@code rule/shadowed}: whoever is woken by one thing twice stops reading. A rule is shadowed
 * where another one fires whenever it does, at least as soon and at least as loudly. Rules that share a quantity are
 * compared, at most {@value #MOST} of them with each other.
 */
final class SameCondition implements RuleCheck {
    private static final int MOST = 200;
    private static final int MOST_WAYS = 64;

    /** A rule with its ways to fire. */
    private record Known(RuleDraft draft, Rule rule, Optional<List<Claims.Way>> ways) {}

    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        Map<Expression, List<Known>> byQuantity = new HashMap<>();
        for (GroupDraft group : groups) {
            for (RuleDraft draft : group.rules()) {
                draft.rule().filter(rule -> !rule.shadow()).ifPresent(rule -> check(draft, rule, byQuantity, findings));
            }
        }
    }

    private static void check(RuleDraft draft, Rule rule, Map<Expression, List<Known>> byQuantity, Findings findings) {
        Known known = new Known(
                draft,
                rule,
                Claims.of(rule.when(), true)
                        .filter(ways -> ways.size() <= MOST_WAYS && Claims.areAboutOneSeries(rule)));
        Set<RuleDraft> compared = Collections.newSetFromMap(new IdentityHashMap<>());
        boolean told = false;
        for (Condition.Comparison leg : rule.when().comparisons()) {
            Expression quantity = leg.left().constant().isPresent() ? leg.right() : leg.left();
            List<Known> others = byQuantity.computeIfAbsent(quantity, q -> new ArrayList<>());
            for (Known other : others) {
                if (!told && other != known && compared.add(other.draft)) {
                    told = tell(known, other, findings);
                }
            }
            if (others.size() < MOST && (others.isEmpty() || others.get(others.size() - 1) != known)) {
                others.add(known);
            }
        }
    }

    private static boolean tell(Known later, Known earlier, Findings findings) {
        if (later.rule.name().equals(earlier.rule.name())) {
            return false; // That is said elsewhere.
        }
        if (later.rule.when().equals(earlier.rule.when())
                && sameTerms(later.rule, earlier.rule)
                && later.rule.tier() == earlier.rule.tier()) {
            findings.warning(
                    "rule/duplicate",
                    later.draft.name().place(),
                    "`" + later.rule.name() + "` fires exactly when `" + earlier.rule.name() + "` does",
                    "remove one of them");
            return true;
        }
        return shadows(earlier, later, findings) || shadows(later, earlier, findings);
    }

    private static boolean shadows(Known loud, Known quiet, Findings findings) {
        boolean shadowed = loud.rule.tier().compareTo(quiet.rule.tier()) <= 0
                && sameJoin(loud.rule, quiet.rule)
                && loud.rule.holdFor().compareTo(quiet.rule.holdFor()) <= 0
                && loud.rule.within().compareTo(quiet.rule.within()) >= 0
                && loud.rule.tolerate() >= quiet.rule.tolerate()
                && loud.ways.isPresent()
                && quiet.ways.isPresent()
                && Claims.imply(quiet.ways.get(), loud.ways.get());
        if (shadowed) {
            findings.warning(
                    "rule/shadowed",
                    quiet.draft.name().place(),
                    "whenever `" + quiet.rule.name() + "` fires, `" + loud.rule.name() + "` has fired as "
                            + loud.rule.tier().word() + " already",
                    "remove it, or give the weaker condition the lower tier");
        }
        return shadowed;
    }

    private static boolean sameJoin(Rule one, Rule other) {
        return one.on().equals(other.on()) && one.labels().equals(other.labels());
    }

    private static boolean sameTerms(Rule one, Rule other) {
        return sameJoin(one, other)
                && one.within().equals(other.within())
                && one.holdFor().equals(other.holdFor())
                && one.tolerate() == other.tolerate();
    }
}
