// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * How one rule did against the incidents it is to tell of. A share that has no denominator is NaN.
 *
 * @param pages episodes that fired (tickets, when the rule's tier is ticket)
 * @param truePages those that fired in the time of an incident
 * @param caught incidents with at least one such page, in the order of their start
 * @param missed the others
 * @param delaysMillis of each caught incident, from its start to its first page; rising; negative when paged before
 * @param resetsMillis of each caught incident whose last page resolved, from its end to then; rising
 * @param unresolved pages that still fired when the history ended
 * @param evidenceLost how often evidence was lost while firing: one ticket each
 */
public record Score(
        int pages,
        int truePages,
        List<String> caught,
        List<String> missed,
        List<Long> delaysMillis,
        List<Long> resetsMillis,
        int unresolved,
        int evidenceLost) {
    public Score {
        caught = List.copyOf(caught);
        missed = List.copyOf(missed);
        delaysMillis = List.copyOf(delaysMillis);
        resetsMillis = List.copyOf(resetsMillis);
    }

    public int falsePages() {
        return pages - truePages;
    }

    public int incidents() {
        return caught.size() + missed.size();
    }

    /** Share of pages that told of an incident. */
    public double precision() {
        return quotient(truePages, pages);
    }

    /** Share of incidents that were told. */
    public double recall() {
        return quotient(caught.size(), incidents());
    }

    /** True pages per caught incident: 1 when each is told once. */
    public double repeats() {
        return quotient(truePages, caught.size());
    }

    /** Pages per caught incident: {@code (1 / precision) x repeats}. */
    public double pageToIncident() {
        return quotient(pages, caught.size());
    }

    public double falsePagesPerWeek(Stretch stretch) {
        return falsePages() / stretch.weeks();
    }

    public double pagesPerWeek(Stretch stretch) {
        return pages / stretch.weeks();
    }

    private static double quotient(int a, int b) {
        return b == 0 ? Double.NaN : (double) a / b;
    }

    /** The nearest-rank percentile of rising values; NaN of none. */
    public static double percentile(List<Long> rising, double share) {
        requireNonNull(rising, "rising");
        return rising.isEmpty() ? Double.NaN : rising.get((int) Math.max(0, Math.ceil(share * rising.size()) - 1));
    }
}
