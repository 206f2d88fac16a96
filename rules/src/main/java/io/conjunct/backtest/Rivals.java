// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import io.conjunct.rule.Condition;
import io.conjunct.rule.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rules one would have without correlation: each leg deployed as a rule of its own, as it stands or held for two
 * ticks. They pay in the same currency as the real rule: same join keys as far as the leg has them, same tier.
 */
final class Rivals {
    private Rivals() {}

    /** How a leg is deployed. */
    enum Form {
        /** The leg, with the rule's own {@code for}. */
        ALONE("alone"),
        /** The leg, which must hold at two ticks in a row: the usual first aid against noise. */
        TWO_TICKS("for two ticks");

        private final String word;

        Form(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /**
     * One rival.
     *
     * @param leg position in the condition; 0 is the symptom
     */
    record Rival(int leg, String text, Form form, Rule rule) {
        Rival {
            requireNonNull(text, "text");
            requireNonNull(form, "form");
            requireNonNull(rule, "rule");
        }
    }

    /** All rivals of a rule; none of a rule with one leg. */
    static List<Rival> of(Rule rule, Duration tick) {
        List<Literal> legs = Literal.of(rule.when());
        List<Rival> rivals = new ArrayList<>();
        if (legs.size() < 2) {
            return rivals;
        }
        for (int i = 0; i < legs.size(); i++) {
            Literal leg = legs.get(i);
            for (Form form : Form.values()) {
                Duration hold = form == Form.ALONE ? rule.holdFor() : tick;
                String name = rule.name() + "#" + i + "#" + form.word();
                rivals.add(new Rival(i, leg.text(), form, single(rule, name, leg, hold)));
            }
        }
        return rivals;
    }

    private static Rule single(Rule rule, String name, Literal leg, Duration hold) {
        Set<String> split = new HashSet<>();
        leg.comparison().signals().forEach(s -> split.addAll(s.by()));
        return variant(
                rule,
                name,
                leg.condition(),
                Optional.empty(),
                rule.on().stream().filter(split::contains).toList(),
                Duration.ZERO,
                hold);
    }

    /** A rule with another name, and other conditions and times. */
    static Rule variant(
            Rule rule,
            String name,
            Condition when,
            Optional<Condition> until,
            List<String> on,
            Duration within,
            Duration hold) {
        return new Rule(
                name,
                when,
                until,
                on,
                within,
                hold,
                rule.tolerate(),
                rule.keepFiringFor(),
                rule.staleAfter(),
                rule.tier(),
                rule.singleSignal(),
                rule.labels(),
                rule.annotations(),
                rule.shadow(),
                rule.demotable());
    }
}
