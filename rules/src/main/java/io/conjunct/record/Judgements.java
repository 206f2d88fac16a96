// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import io.conjunct.record.Judgement.Truth;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Verdicts applied to pages. The last explicit verdict about an episode holds, in {@link Verdict#ORDER}. A duplicate is
 * what the page it repeats is; where that is not known, or goes in a circle, it is not known either. Pages of one
 * incident at the provider are of one incident; else each page that is no duplicate is an incident of its own.
 */
final class Judgements {
    private final Map<String, Verdict> last = new HashMap<>();
    private final Map<String, Duration> worked = new HashMap<>();
    private final Set<String> major = new HashSet<>();
    private final Map<String, String> atProvider = new HashMap<>();

    Judgements(Collection<Page> pages, List<Verdict> verdicts) {
        verdicts.stream().filter(Verdict::explicit).sorted(Verdict.ORDER).forEach(verdict -> {
            last.put(verdict.episode(), verdict);
            verdict.worked().ifPresent(time -> worked.put(verdict.episode(), time));
        });
        verdicts.stream().filter(Verdict::major).map(Verdict::episode).forEach(major::add);
        pages.forEach(page -> page.incident().ifPresent(incident -> atProvider.put(page.episode(), incident)));
    }

    /** What was said last about an episode itself. */
    Optional<Verdict> last(String episode) {
        return Optional.ofNullable(last.get(episode));
    }

    /** The work that was stated last, also by a verdict that another one replaced. */
    Optional<Duration> worked(String episode) {
        return Optional.ofNullable(worked.get(episode));
    }

    Judgement of(Page page) {
        Set<String> seen = new HashSet<>();
        String episode = page.episode();
        boolean important = false;
        while (seen.add(episode)) {
            Verdict verdict = last.get(episode);
            // Here alone what nobody said counts: a P1 of the provider protects a rule, it judges none.
            important |= major.contains(episode);
            if (verdict == null) {
                return new Judgement(Truth.UNKNOWN, "", important);
            }
            switch (verdict.kind()) {
                case INCIDENT -> {
                    return new Judgement(Truth.REAL, atProvider.getOrDefault(episode, episode), important);
                }
                case NOISE -> {
                    return new Judgement(Truth.NOISE, "", false);
                }
                case TEST -> {
                    return new Judgement(Truth.TEST, "", false);
                }
                case UNKNOWN -> {
                    return Judgement.UNKNOWN;
                }
                case DUPLICATE -> episode = verdict.of();
            }
        }
        return Judgement.UNKNOWN;
    }
}
