// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.alert.Tier;
import io.conjunct.check.Findings;
import io.conjunct.check.Spelling;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Signal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads one entry of {@code slos} and expands it to its rules. What the schema has refused is skipped in silence. */
final class SloReader {
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]{0,63}";

    private final Node.Scalar name;
    private final Node.Table table;
    private final Scope scope;
    private final Findings findings;

    private SloReader(Node.Scalar name, Node.Table table, Scope scope, Findings findings) {
        this.name = name;
        this.table = table;
        this.scope = scope;
        this.findings = findings;
    }

    /** The rules of an SLO, which conditions can name from now on; none when some part of it was refused. */
    static List<RuleDraft> read(Node.Entry entry, Scope scope, Findings findings) {
        if (!(entry.value() instanceof Node.Table table)) {
            return List.of();
        }
        return new SloReader(entry.key(), table, scope, findings).read();
    }

    private List<RuleDraft> read() {
        if (!name.text().matches(NAME)) {
            findings.error(
                    "slo/name",
                    name.place(),
                    "an SLO's name has letters, digits and _, at most 64",
                    "write it like reads_succeed");
        }
        Optional<Signal> signal = table.scalar("signal").flatMap(this::signal);
        Optional<BigDecimal> objective = table.scalar("objective").flatMap(this::objective);
        if (signal.isEmpty() || objective.isEmpty()) {
            scope.addBroken(name.text());
            return List.of();
        }
        Slo slo = new Slo(name.text(), signal.get(), objective.get());
        scope.add(slo);
        List<RuleDraft> rules = new ArrayList<>();
        for (Tier tier : tiers()) {
            if (isReachable(slo, tier)) {
                rules.add(BurnRules.expand(slo, tier, name, table));
            }
        }
        return rules;
    }

    private Optional<Signal> signal(Node.Scalar written) {
        Optional<Signal> found = scope.find(written.text());
        if (found.isEmpty()) {
            if (!scope.isBroken(written.text())) {
                findings.error(
                        "slo/unknown-signal",
                        written.place(),
                        "`" + written.text() + "` is not a signal of the group `" + scope.group() + "`",
                        Spelling.hint(written.text(), scope.names()));
            }
            return found;
        }
        if (found.get().measure().type() != Measure.Type.RATIO) {
            findings.error(
                    "slo/not-a-ratio",
                    written.place(),
                    "`" + written.text() + "` is no share of events",
                    "name a signal that measures ratio(…) of the bad events");
            return Optional.empty();
        }
        return found;
    }

    private Optional<BigDecimal> objective(Node.Scalar written) {
        return Parsing.of(written, findings, () -> {
            Token number = Lexer.number(written.text().strip());
            BigDecimal share = number.number();
            boolean aShare = number.unit().isEmpty() || number.unit().equals(Signal.RATIO);
            if (!aShare || share.signum() <= 0 || share.compareTo(BigDecimal.ONE) >= 0) {
                throw new Problem(
                        "slo/objective",
                        0,
                        written.text().length(),
                        "`" + written.text() + "` leaves no error budget, or nothing else",
                        "write the share of good events that is promised, such as 99.9%");
            }
            return share;
        });
    }

    private List<Tier> tiers() {
        Optional<Node.Sequence> written = table.sequence("alerts");
        return Stream.of(Tier.PAGE, Tier.TICKET)
                .filter(tier -> written.isEmpty()
                        || written.get().scalars().stream()
                                .anyMatch(s -> s.text().equals(tier.word())))
                .toList();
    }

    /** S28: with a budget of 10 % nothing can burn 14.4 times as fast as allowed. */
    private boolean isReachable(Slo slo, Tier tier) {
        BigDecimal factor = BigDecimal.valueOf(BurnRules.highestFactor(tier));
        BigDecimal most = BigDecimal.ONE.divide(factor, MathContext.DECIMAL64);
        if (BigDecimal.ONE.subtract(slo.objective()).compareTo(most) < 0) {
            return true;
        }
        BigDecimal least = BigDecimal.ONE.subtract(most).setScale(4, RoundingMode.UP);
        findings.error(
                "slo/unreachable",
                table.placeOf("objective"),
                "with an objective of " + Quantity.percent(slo.objective()) + " nothing can burn "
                        + factor.toPlainString() + " times as fast as allowed, which is when the " + tier.word()
                        + " fires",
                "promise more than " + Quantity.percent(least) + ", or leave `" + tier.word() + "` out of `alerts`");
        return false;
    }
}
