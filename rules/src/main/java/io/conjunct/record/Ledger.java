// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import io.conjunct.alert.LegPages;
import io.conjunct.alert.Tier;
import io.conjunct.record.Judgement.Truth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All pages and what was said about them. Answers are functions of these and of the times asked for: the order of
 * arrival does not matter, no clock is read. Holds what it is given; whoever fills it bounds it.
 */
public final class Ledger {
    private static final long DAY = Duration.ofDays(1).toMillis();
    /** What begins again within this time after its end is the same trial. */
    private static final long FLAP = Duration.ofMinutes(30).toMillis();

    private static final long TOLD_BEFORE = Duration.ofMinutes(10).toMillis();
    private static final long TOLD_AFTER = Duration.ofMinutes(5).toMillis();

    private final List<Page> pages;
    private final List<Verdict> verdicts;
    private final List<MissedIncident> missed;
    private final List<LegPages> legs;
    private final Cost cost;
    private final Judgements judgements;
    private final List<Demotion> demotions;

    public Ledger(
            Collection<Page> pages,
            Collection<Verdict> verdicts,
            Collection<MissedIncident> missed,
            Collection<LegPages> legs,
            Cost cost) {
        this(pages, verdicts, missed, legs, cost, List.of());
    }

    private Ledger(
            Collection<Page> pages,
            Collection<Verdict> verdicts,
            Collection<MissedIncident> missed,
            Collection<LegPages> legs,
            Cost cost,
            List<Demotion> demotions) {
        this.demotions = List.copyOf(demotions);
        this.legs = List.copyOf(legs);
        this.pages = pages.stream()
                .sorted(Comparator.comparingLong(Page::atMillis).thenComparing(Page::episode))
                .toList();
        this.verdicts = verdicts.stream().sorted(Verdict.ORDER).toList();
        this.missed = List.copyOf(missed);
        this.cost = cost;
        judgements = new Judgements(this.pages, this.verdicts);
    }

    /** As it stood then: without what happened or was said later. */
    public Ledger asOf(long millis) {
        return new Ledger(
                pages.stream().filter(page -> page.atMillis() <= millis).toList(),
                verdicts.stream()
                        .filter(verdict -> verdict.atMillis() <= millis)
                        .toList(),
                missed.stream()
                        .filter(incident -> incident.atMillis() <= millis)
                        .toList(),
                legs.stream().filter(day -> day.dayMillis() <= millis).toList(),
                cost,
                demotions);
    }

    /** With these demotions, one after the other: of what they made a ticket nobody was woken. */
    Ledger demoted(List<Demotion> more) {
        if (more.isEmpty()) {
            return this;
        }
        List<Page> changed = pages.stream().map(page -> demoted(page, more)).toList();
        return new Ledger(
                changed,
                verdicts,
                missed,
                legs,
                cost,
                Stream.concat(demotions.stream(), more.stream()).distinct().toList());
    }

    private static Page demoted(Page page, List<Demotion> demotions) {
        Page priced = page;
        for (Demotion each : demotions) {
            priced = each.covers(priced) ? priced.demoted() : priced;
        }
        return priced;
    }

    /**
     * With the tickets of this rule in the place of pages, so that they are judged by the same numbers. What others told of
     * an incident they told, by page or ticket.
     */
    Ledger tickets(String rule) {
        return new Ledger(
                pages.stream()
                        .map(page -> page.judgedAsTicket(!page.rule().equals(rule)))
                        .toList(),
                verdicts,
                missed,
                legs,
                cost,
                demotions);
    }

    /** What a rule's alerts cost as it is written: what its last one cost, or would have but for a demotion. */
    Tier written(String rule, long millis) {
        Optional<Page> newest = newest(rule, millis);
        return newest.flatMap(page -> demotions.stream()
                        .filter(each -> each.isTimeOf(page))
                        .map(Demotion::from)
                        .min(Comparator.naturalOrder()))
                .or(() -> newest.flatMap(Page::price))
                .orElse(Tier.PAGE);
    }

    /** Without what this rule paged by other revisions than this, or before then. */
    Ledger onlyRevision(String rule, String revision, long sinceMillis) {
        return new Ledger(
                pages.stream()
                        .filter(page -> !page.rule().equals(rule)
                                || (page.revision().equals(revision) && page.startMillis() >= sinceMillis))
                        .toList(),
                verdicts,
                missed,
                legs,
                cost,
                demotions);
    }

    /** What the track record alone has made tickets, as far as it is known here. */
    public List<Demotion> demotions() {
        return demotions;
    }

    /** The lowest that a rule's last alert until then says is in force, or is in some minutes: its edit ends a demotion. */
    public Optional<Demotion> demotion(String rule, long millis) {
        Optional<Page> newest = newest(rule, millis);
        return demotions.stream()
                .filter(each -> each.rule().equals(rule)
                        && millis < each.expiresMillis()
                        && newest.filter(page ->
                                        page.demotable() && page.revision().equals(each.revision()))
                                .isPresent())
                .max(Comparator.comparing(Demotion::from));
    }

    /** What a rule said last before that time. */
    Optional<Page> newest(String rule, long millis) {
        return pages.stream()
                .filter(page -> page.rule().equals(rule) && page.startMillis() <= millis)
                .max(Comparator.comparingLong(Page::startMillis).thenComparing(Page::episode));
    }

    /** The rules that paged, or should have, in this order. */
    public List<String> rules() {
        Set<String> rules = pages.stream().map(Page::rule).collect(Collectors.toCollection(TreeSet::new));
        missed.stream()
                .map(MissedIncident::rule)
                .filter(rule -> !rule.isEmpty())
                .forEach(rules::add);
        return List.copyOf(rules);
    }

    public List<Page> pages() {
        return pages;
    }

    /** Incidents that no rule paged for, as people recorded them. */
    public List<MissedIncident> missed() {
        return missed;
    }

    /** What pages told of and people confirmed, in the order in which it began. */
    public List<Confirmed> confirmed() {
        Map<String, Confirmed> confirmed = new TreeMap<>();
        for (Page page : pages) {
            Judgement judgement = judgement(page);
            if (judgement.truth() == Truth.REAL) {
                confirmed.merge(judgement.incident(), Confirmed.of(judgement.incident(), page), Confirmed::plus);
            }
        }
        return confirmed.values().stream()
                .sorted(Comparator.comparingLong(Confirmed::startMillis).thenComparing(Confirmed::incident))
                .toList();
    }

    /** What became of the pages of a day or a week, drills left out. */
    public record Stretch(long startMillis, int real, int noise, int unknown) {}

    /** The days before {@code endMillis}, or when they are more than 28, the weeks; oldest first. */
    public List<Stretch> stretches(long endMillis, int days) {
        long length = days > 28 ? 7 * DAY : DAY;
        List<Stretch> stretches = new ArrayList<>();
        for (long start = endMillis - days * DAY / length * length; start < endMillis; start += length) {
            int[] counts = new int[Truth.values().length];
            for (Page page : pages) {
                if (page.told() && page.atMillis() > start && page.atMillis() <= start + length) {
                    counts[judgement(page).truth().ordinal()]++;
                }
            }
            stretches.add(new Stretch(
                    start,
                    counts[Truth.REAL.ordinal()],
                    counts[Truth.NOISE.ordinal()],
                    counts[Truth.UNKNOWN.ordinal()]));
        }
        return stretches;
    }

    /** Pages that each leg of a rule alone would have sent in the days before {@code endMillis}, by the leg's text. */
    public Map<String, Integer> legPages(String rule, long endMillis, int days) {
        Map<String, Integer> pages = new LinkedHashMap<>();
        for (LegPages day : legs) {
            if (day.rule().equals(rule)
                    && day.dayMillis() < endMillis
                    && day.dayMillis() >= Math.floorDiv(endMillis - days * DAY, DAY) * DAY) {
                day.legs().forEach(leg -> pages.merge(leg.text(), leg.pages(), Integer::sum));
            }
        }
        return pages;
    }

    List<LegPages> legs() {
        return legs;
    }

    /** What was said, oldest first. */
    public List<Verdict> verdicts() {
        return verdicts;
    }

    /** What somebody said last about a page. */
    public Optional<Verdict> verdict(Page page) {
        return judgements.last(page.episode());
    }

    /** What was concluded about a page, weightiest first. It judges nothing; a person may. */
    public List<Verdict> evidence(Page page) {
        return Stream.concat(
                        verdicts.stream()
                                .filter(verdict ->
                                        !verdict.explicit() && verdict.episode().equals(page.episode())),
                        page.implied().stream())
                .sorted(Comparator.comparingDouble(Verdict::weight).reversed().thenComparing(Verdict.ORDER))
                .toList();
    }

    Judgement judgement(Page page) {
        return judgements.of(page);
    }

    /** Pages of the days before {@code endMillis}. */
    List<Page> within(long endMillis, int days) {
        return pages.stream()
                .filter(page -> page.atMillis() <= endMillis && page.atMillis() > endMillis - days * DAY)
                .toList();
    }

    /** A rule's record over all revisions. */
    public TrackRecord record(String rule, long endMillis, int days) {
        List<Page> own = within(endMillis, days).stream()
                .filter(page -> page.rule().equals(rule))
                .toList();
        int gaps = (int) missed.stream()
                .filter(incident -> incident.rule().equals(rule)
                        && incident.atMillis() <= endMillis
                        && incident.atMillis() > endMillis - days * DAY
                        && own.stream().noneMatch(page -> toldOf(page, incident)))
                .count();
        return record(rule, "", own, days, gaps);
    }

    /** Whether the page came in time for an incident that was thought to be missed. */
    private static boolean toldOf(Page page, MissedIncident incident) {
        long late = page.atMillis() - incident.atMillis();
        return page.told() && late >= -TOLD_BEFORE && late <= TOLD_AFTER;
    }

    /** A rule's record split by the revision that paged, in the order in which they first did. */
    public List<TrackRecord> byRevision(String rule, long endMillis, int days) {
        Map<String, List<Page>> split = new LinkedHashMap<>();
        within(endMillis, days).stream()
                .filter(page -> page.rule().equals(rule))
                .forEach(page -> split.computeIfAbsent(page.revision(), unused -> new ArrayList<>())
                        .add(page));
        List<TrackRecord> records = new ArrayList<>();
        split.forEach((revision, own) -> records.add(record(rule, revision, own, days, 0)));
        return records;
    }

    private TrackRecord record(String rule, String revision, List<Page> own, int days, int gaps) {
        List<Page> told = own.stream().filter(Page::told).toList();
        Map<Truth, Integer> truths = new TreeMap<>();
        Set<String> incidents = new HashSet<>();
        double hours = 0;
        double wasted = 0;
        for (Page page : told) {
            Judgement judgement = judgement(page);
            truths.merge(judgement.truth(), 1, Integer::sum);
            if (judgement.truth() == Truth.TEST) {
                continue;
            }
            double price = cost.hours(page, judgements.worked(page.episode()));
            hours += price;
            boolean first = judgement.truth() == Truth.REAL && incidents.add(judgement.incident());
            wasted += first || judgement.truth() == Truth.UNKNOWN ? 0 : price;
        }
        Set<String> caught = own.stream()
                .map(this::judgement)
                .filter(judgement -> judgement.truth() == Truth.REAL)
                .map(Judgement::incident)
                .collect(Collectors.toSet());
        List<Truth> trials = trials(told);
        int realTrials =
                (int) trials.stream().filter(truth -> truth == Truth.REAL).count();
        int noiseTrials =
                (int) trials.stream().filter(truth -> truth == Truth.NOISE).count();
        return new TrackRecord(
                rule,
                own.isEmpty() ? "" : own.get(own.size() - 1).owner(),
                revision,
                days,
                told.size(),
                (int) told.stream().map(Page::episode).distinct().count(),
                truths.getOrDefault(Truth.TEST, 0),
                truths.getOrDefault(Truth.REAL, 0),
                truths.getOrDefault(Truth.NOISE, 0),
                incidents.size(),
                realTrials + noiseTrials,
                realTrials,
                (int) told.stream().filter(cost::atNight).count(),
                caught.size(),
                gaps,
                Spread.of(told.stream()
                        .filter(page -> page.ackMillis().isPresent())
                        .mapToLong(page -> page.ackMillis().getAsLong() - page.atMillis())
                        .toArray()),
                Spread.of(told.stream()
                        .filter(page -> page.endMillis().isPresent())
                        .mapToLong(page -> page.endMillis().getAsLong() - page.atMillis())
                        .toArray()),
                hours,
                wasted);
    }

    /** Pages of one alert that follow each other closely are one trial, real when one of them was. */
    private List<Truth> trials(List<Page> told) {
        Map<String, Long> ends = new TreeMap<>();
        Map<String, Truth> open = new TreeMap<>();
        List<Truth> trials = new ArrayList<>();
        for (Page page : told) {
            Truth truth = judgement(page).truth();
            if (truth == Truth.TEST) {
                continue;
            }
            Long end = ends.get(page.alert());
            Truth before = open.get(page.alert());
            if (end != null && before != null && page.startMillis() - end <= FLAP) {
                truth = stronger(before, truth);
            } else if (before != null) {
                trials.add(before);
            }
            open.put(page.alert(), truth);
            long until = page.endMillis().orElse(page.atMillis());
            ends.put(page.alert(), Math.max(until, end == null ? until : end));
        }
        trials.addAll(open.values());
        return trials;
    }

    private static Truth stronger(Truth one, Truth other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /**
     * Why this rule must not be demoted, whatever its ratio: it alone told of an incident in the window, or it caught one
     * of the highest priorities in 90 days.
     */
    Optional<String> protection(String rule, long endMillis, int days) {
        Map<String, Set<String>> tellers = new TreeMap<>();
        for (Page page : within(endMillis, days)) {
            Judgement judgement = judgement(page);
            if (judgement.truth() == Truth.REAL && page.told()) {
                tellers.computeIfAbsent(judgement.incident(), unused -> new TreeSet<>())
                        .add(page.rule());
            }
        }
        for (Map.Entry<String, Set<String>> incident : tellers.entrySet()) {
            if (incident.getValue().equals(Set.of(rule))) {
                return Optional.of("the only rule that told of incident " + incident.getKey());
            }
        }
        for (Page page : within(endMillis, 90)) {
            if (page.rule().equals(rule) && judgement(page).major()) {
                String incident = judgement(page).incident();
                return Optional.of(
                        "caught a major incident in 90 d: " + (incident.isEmpty() ? page.episode() : incident));
            }
        }
        return Optional.empty();
    }
}
