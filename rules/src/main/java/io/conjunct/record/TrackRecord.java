// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;

/**
 * What became of a rule's pages in some days. Of its pages, {@code tests} were drills and count nowhere else;
 * {@code real + noise} were judged, the rest is not known.
 *
 * @param rule its name
 * @param owner who fixes or deletes it
 * @param revision of the rule set; empty for all revisions together
 * @param days how long
 * @param pages how often people were called
 * @param episodes how many episodes that was
 * @param tests pages that were drills
 * @param real pages that told of an incident, the first or again
 * @param noise pages that told of none
 * @param incidents distinct ones among the real pages
 * @param judgedEpisodes judged trials: what flaps within half an hour is one
 * @param realEpisodes those of them that were an incident
 * @param atNight pages while people slept
 * @param caught distinct incidents that the rule saw, also in shadow or in a lower tier
 * @param missed incidents it should have paged for and did not
 * @param toAck from page to the first person who took it
 * @param toEnd from page to the end
 * @param hours of engineers, all pages but drills
 * @param wastedHours of them those for noise and for repeating what was told already
 */
public record TrackRecord(
        String rule,
        String owner,
        String revision,
        int days,
        int pages,
        int episodes,
        int tests,
        int real,
        int noise,
        int incidents,
        int judgedEpisodes,
        int realEpisodes,
        int atNight,
        int caught,
        int missed,
        Spread toAck,
        Spread toEnd,
        double hours,
        double wastedHours) {
    /** Below this share of judged pages a ratio is not shown. */
    static final double ENOUGH_COVERAGE = 0.5;

    public TrackRecord {
        requireNonNull(rule, "rule");
        requireNonNull(owner, "owner");
        requireNonNull(revision, "revision");
        requireNonNull(toAck, "toAck");
        requireNonNull(toEnd, "toEnd");
    }

    /** Pages with a verdict. */
    public int judged() {
        return real + noise;
    }

    /** Pages without one. */
    public int unknown() {
        return pages - tests - judged();
    }

    /** The share of pages with a verdict; 1 when there is nothing to judge. */
    public double coverage() {
        return pages == tests ? 1 : (double) judged() / (pages - tests);
    }

    /** The share of judged pages that told of an incident. */
    public OptionalDouble precision() {
        return judged() == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) real / judged());
    }

    /** How many true pages an incident took: 1 unless the rule repeats itself. */
    public OptionalDouble pagesPerIncident() {
        return incidents == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) real / incidents);
    }

    /**
     * Judged pages to distinct incidents, which is (1 / precision) x (true pages per incident); infinite when nothing was
     * an incident; empty when fewer than half of the pages are judged.
     */
    public OptionalDouble ratio() {
        if (judged() == 0 || coverage() < ENOUGH_COVERAGE) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of((double) judged() / incidents);
    }

    /** The ratio if each page without a verdict were an incident of its own; NaN without pages. */
    public double ratioAtBest() {
        return (double) (pages - tests) / (incidents + unknown());
    }

    /** The ratio if every page without a verdict were noise; NaN without pages. */
    public double ratioAtWorst() {
        return (double) (pages - tests) / incidents;
    }

    /** What is known about the precision. */
    public Posterior posterior() {
        return new Posterior(realEpisodes, judgedEpisodes);
    }

    public double falsePagesPerWeek() {
        return perWeek(noise);
    }

    /** Still being wasted. */
    public double unrecoveredHoursPerWeek() {
        return perWeek(wastedHours);
    }

    /** What was wasted in the frozen baseline and no longer is; negative when it has become worse. */
    public double recoveredHoursPerWeek(TrackRecord baseline) {
        return baseline.unrecoveredHoursPerWeek() - unrecoveredHoursPerWeek();
    }

    /** Pages a week x expected share of noise x hours a page: what to fix first. */
    public double expectedWastePerWeek() {
        int counted = pages - tests;
        return counted == 0 ? 0 : perWeek(counted) * (1 - posterior().mean()) * hours / counted;
    }

    /** Incidents seen to incidents there were; empty until one was recorded that the rule missed or saw. */
    public OptionalDouble recall() {
        return caught + missed == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) caught / (caught + missed));
    }

    /** As a page shows it: {@code 9 pages, 7 incidents in 28 d}. */
    public String sentence() {
        String unjudged = unknown() == 0 ? "" : ", " + unknown() + " without a verdict";
        return count(pages - tests, "page") + ", " + count(incidents, "incident") + unjudged + " in " + days + " d";
    }

    private static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private double perWeek(double amount) {
        return amount * 7 / days;
    }
}
