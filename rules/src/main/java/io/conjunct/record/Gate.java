// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import io.conjunct.alert.Tier;
import java.util.Optional;

/**
 * Two pages to an incident is the limit. Below {@value #FEWEST} judged episodes it says so and nothing else; from
 * {@value #FLAG} probability that the rule is worse it flags the rule, from {@value #PROPOSE} it proposes page to ticket.
 * It proposes to people and does nothing by itself. It never proposes to demote a rule that is the only one to tell of
 * an incident in the window, or that caught a major one in 90 days. The probability is looked at again whenever a verdict
 * comes in, which is what a posterior, unlike a p-value, is for.
 */
public final class Gate {
    static final int FEWEST = 3;
    static final double FLAG = 0.90;
    static final double PROPOSE = 0.95;

    private Gate() {}

    /** What the gate says about a rule. */
    public enum Decision {
        NOT_ENOUGH_DATA("not enough data"),
        KEEP("keep"),
        FLAG("worse than 2:1, probably"),
        PROTECTED("worse than 2:1, but needed"),
        PROPOSE_TICKET("demote to ticket"),
        PROPOSE_ANNOTATE("demote to annotate");

        private final String words;

        Decision(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }

        /** Whether it says that the rule should be one tier cheaper. */
        public boolean proposes() {
            return this == PROPOSE_TICKET || this == PROPOSE_ANNOTATE;
        }
    }

    /**
     * A decision and why.
     *
     * @param worse the probability that the rule is worse than 2:1
     */
    public record Finding(Decision decision, double worse, String reason) {}

    /** Judges one rule by the days before {@code endMillis}: its pages, or where it opens tickets these. */
    public static Finding judge(Ledger ledger, String rule, long endMillis, int days) {
        if (ledger.written(rule, endMillis) == Tier.PAGE) {
            return judge(ledger, rule, endMillis, days, Decision.PROPOSE_TICKET);
        }
        return judge(ledger.tickets(rule), rule, endMillis, days, Decision.PROPOSE_ANNOTATE);
    }

    /** Judges what counts as its pages in this ledger. */
    static Finding judge(Ledger ledger, String rule, long endMillis, int days, Decision proposal) {
        Posterior posterior = ledger.record(rule, endMillis, days).posterior();
        double worse = posterior.worse();
        String counted = posterior.real() + " of " + posterior.judged() + " judged episodes were incidents";
        if (posterior.judged() < FEWEST) {
            return new Finding(Decision.NOT_ENOUGH_DATA, worse, counted);
        }
        if (worse < FLAG) {
            return new Finding(Decision.KEEP, worse, counted);
        }
        Optional<String> needed = ledger.protection(rule, endMillis, days);
        if (needed.isPresent()) {
            return new Finding(Decision.PROTECTED, worse, counted + "; " + needed.get());
        }
        return new Finding(worse < PROPOSE ? Decision.FLAG : proposal, worse, counted);
    }
}
