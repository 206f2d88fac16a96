// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.alert.Tier;
import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Outcome;
import io.conjunct.signal.Selector;
import io.conjunct.signal.Signal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code rule/single-signal} and, where several names stand for it, {@code rule/pseudo-correlation}: a page needs two
 * different signals on every way to true. Signals differ by their selector and by what is measured; windows, quantiles
 * and thresholds make no difference, nor does counting successes in place of failures. Counting the same events, more
 * of them, or those that a ratio counts, guards against small volumes and is no second signal.
 */
final class SingleSignal implements RuleCheck {

    /** What makes one signal another. */
    private record Evidence(Selector of, String measured, List<Matcher> outcome) {
        private static final String OCCURRENCES = "";

        static Evidence of(Signal signal) {
            Measure measure = signal.measure();
            String measured = measure.outcome().map(Evidence::predicate).orElse(measure.field());
            List<Matcher> outcome = measure.outcome().stream()
                    .filter(Outcome.Attribute.class::isInstance)
                    .map(o -> ((Outcome.Attribute) o).matcher())
                    .toList();
            return new Evidence(signal.of(), measured, outcome);
        }

        /** How the predicate decides, whatever its text and threshold. */
        private static String predicate(Outcome outcome) {
            if (outcome instanceof Outcome.Measured measured) {
                return measured.field();
            }
            // The share of failures and the share of successes are one number.
            Matcher matcher = ((Outcome.Attribute) outcome).matcher();
            return new Matcher(matcher.attribute(), false, matcher.values(), matcher.regex()).toString();
        }

        /** Whether it only says that there are enough of the other's events, or of those a ratio counts. */
        boolean isVolumeOf(Evidence other) {
            return measured.equals(OCCURRENCES)
                    && of.kind() == other.of.kind()
                    && (of.name().isEmpty() || of.name().equals(other.of.name()))
                    && of.where().stream().allMatch(m -> other.of.where().contains(m) || other.outcome.contains(m));
        }
    }

    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            for (RuleDraft draft : group.rules()) {
                draft.rule().filter(r -> r.tier() == Tier.PAGE).ifPresent(r -> check(draft, r, findings));
                draft.rule()
                        .filter(r -> r.tier() != Tier.PAGE && !r.singleSignal().isBlank())
                        .flatMap(r -> draft.table().scalar("single_signal"))
                        .ifPresent(reason ->
                                notNeeded(reason.place(), "only a page needs a reason for one signal", findings));
            }
        }
    }

    private static void check(RuleDraft draft, Rule rule, Findings findings) {
        Place at = draft.places().of(rule.when());
        Optional<Set<Set<Ways.Literal>>> ways = Ways.toTrue(rule.when());
        if (ways.isEmpty()) {
            findings.error(
                    "condition/too-complex",
                    at,
                    "the condition has more than " + Ways.LIMIT + " ways to become true",
                    "split the rule");
            return;
        }
        Optional<Set<Ways.Literal>> single =
                ways.get().stream().filter(way -> different(way) < 2).findFirst();
        if (single.isPresent() && rule.singleSignal().isBlank()) {
            List<String> names = single.get().stream()
                    .flatMap(l -> l.leg().signals().stream())
                    .map(Signal::name)
                    .distinct()
                    .toList();
            String legs = single.get().stream()
                    .map(l -> l.holds() ? l.leg().text() : "NOT " + l.leg().text())
                    .distinct()
                    .collect(Collectors.joining(" AND "));
            findings.error(
                    names.size() == 1 ? "rule/single-signal" : "rule/pseudo-correlation",
                    at,
                    "`" + legs + "` pages on "
                            + (names.size() == 1 ? "one signal" : "what is one signal: " + String.join(", ", names)),
                    "add a different signal with AND, or say why one is enough: `single_signal: \"…\"`");
        } else if (single.isEmpty() && !rule.singleSignal().isBlank()) {
            notNeeded(
                    draft.table().placeOf("single_signal"),
                    "every way to this page has two different signals",
                    findings);
        }
    }

    private static void notNeeded(Place at, String why, Findings findings) {
        findings.warning("rule/single-signal-not-needed", at, why, "remove `single_signal`");
    }

    private static long different(Set<Ways.Literal> way) {
        Set<Evidence> all = way.stream()
                .flatMap(l -> l.leg().signals().stream())
                .map(Evidence::of)
                .collect(Collectors.toSet());
        return all.stream()
                .filter(e -> all.stream().noneMatch(other -> !other.equals(e) && guards(e, other)))
                .count();
    }

    /** Of two counts that are each other's volume neither is taken away. */
    private static boolean guards(Evidence guard, Evidence other) {
        return guard.isVolumeOf(other) && !other.isVolumeOf(guard);
    }
}
