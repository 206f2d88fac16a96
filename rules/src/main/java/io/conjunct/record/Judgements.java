// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import io.conjunct.record.Judgement.Truth;
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
    private final Map<String, String> atProvider = new HashMap<>();

    Judgements(Collection<Page> pages, List<Verdict> verdicts) {
        verdicts.stream()
                .filter(Verdict::explicit)
                .sorted(Verdict.ORDER)
                .forEach(verdict -> last.put(verdict.episode(), verdict));
        pages.forEach(page -> page.incident().ifPresent(incident -> atProvider.put(page.episode(), incident)));
    }

    /** What was said last about an episode itself. */
    Optional<Verdict> last(String episode) {
        return Optional.ofNullable(last.get(episode));
    }

    Judgement of(Page page) {
        Set<String> seen = new HashSet<>();
        String episode = page.episode();
        boolean major = false;
        while (seen.add(episode)) {
            Verdict verdict = last.get(episode);
            if (verdict == null) {
                return Judgement.UNKNOWN;
            }
            major |= verdict.major();
            switch (verdict.kind()) {
                case INCIDENT -> {
                    return new Judgement(Truth.REAL, atProvider.getOrDefault(episode, episode), major);
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
