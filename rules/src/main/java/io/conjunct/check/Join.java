// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.Node;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import io.conjunct.signal.Signal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * {@code rule/join}: signals that are split by labels meet on the join keys. Signals split by nothing in common can never
 * meet; signals split differently need {@code on}; each split signal has at least one join key, and each join key splits
 * some signal. A signal without {@code by} meets every key.
 */
final class Join implements RuleCheck {
    private static final String ID = "rule/join";

    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            for (RuleDraft draft : group.rules()) {
                draft.rule().ifPresent(rule -> check(draft, rule, findings));
            }
        }
    }

    private static void check(RuleDraft draft, Rule rule, Findings findings) {
        List<Signal> split = Stream.concat(
                        rule.when().comparisons().stream(),
                        rule.until().stream().flatMap(u -> u.comparisons().stream()))
                .map(Condition.Comparison::signals)
                .flatMap(List::stream)
                .filter(s -> !s.by().isEmpty())
                .distinct()
                .toList();
        Place when = draft.places().of(rule.when());
        for (int i = 0; i < split.size(); i++) {
            for (int j = i + 1; j < split.size(); j++) {
                if (Collections.disjoint(split.get(i).by(), split.get(j).by())) {
                    findings.error(
                            ID,
                            when,
                            of(split.get(i)) + " and " + of(split.get(j)) + " have no label to meet on",
                            "split both by a common label, or drop `by` from one");
                    return;
                }
            }
        }
        if (draft.on().isEmpty()) {
            different(split)
                    .ifPresent(pair -> findings.error(
                            ID,
                            when,
                            of(pair.get(0)) + " and " + of(pair.get(1)) + " are split differently",
                            "say what they meet on: `on: " + common(split) + "`"));
        } else {
            written(draft, draft.on().get(), split, findings);
        }
    }

    private static void written(RuleDraft draft, List<String> on, List<Signal> split, Findings findings) {
        List<Node.Scalar> keys =
                draft.table().sequence("on").map(Node.Sequence::scalars).orElse(List.of());
        Set<String> known = new TreeSet<>();
        split.forEach(s -> known.addAll(s.by()));
        for (Node.Scalar key : keys) {
            if (!known.contains(key.text())) {
                findings.error(
                        ID,
                        key.place(),
                        "no signal of this rule is split by `" + key.text() + "`",
                        known.isEmpty()
                                ? "remove `on`, or add `by: [" + key.text() + "]` to the signals"
                                : Spelling.hint(key.text(), known));
            }
        }
        for (Signal signal : split) {
            if (!on.isEmpty() && known.containsAll(on) && Collections.disjoint(signal.by(), on)) {
                findings.error(
                        ID,
                        draft.table().placeOf("on"),
                        of(signal) + " has none of the join keys [" + String.join(", ", on) + "]",
                        "add one of its labels to `on`, or drop its `by`");
            }
        }
    }

    private static Optional<List<Signal>> different(List<Signal> split) {
        return split.stream()
                .filter(s -> !s.by().equals(split.get(0).by()))
                .findFirst()
                .map(s -> List.of(split.get(0), s));
    }

    private static String common(List<Signal> split) {
        List<String> keys = new ArrayList<>(split.get(0).by());
        split.forEach(s -> keys.retainAll(s.by()));
        return keys.isEmpty() ? "[…]" : "[" + String.join(", ", keys) + "]";
    }

    private static String of(Signal signal) {
        return signal.name() + " by [" + String.join(", ", signal.by()) + "]";
    }
}
