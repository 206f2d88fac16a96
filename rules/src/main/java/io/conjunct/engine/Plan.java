// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.event.Kind;
import io.conjunct.event.Series;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import io.conjunct.signal.Feed;
import io.conjunct.signal.Feed.Part;
import io.conjunct.signal.Matcher.SeriesPredicate;
import io.conjunct.signal.Outcome;
import io.conjunct.signal.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A rule set made ready for measuring: which feeds a series goes to. Feeds are looked up by kind and by name of the
 * service or metric where their selector names one, so that ten thousand rules cost a new series little and a known
 * series nothing.
 */
final class Plan {
    private final List<Source> sources = new ArrayList<>();
    private final Map<String, List<Source>> byHint = new HashMap<>();

    /** A feed, ready to be asked. */
    static final class Source {
        final Feed feed;
        final long id;
        final int target;
        final SeriesPredicate selector;
        final Outcome.Measured[] measured;
        final SeriesPredicate matched;

        private Source(Feed feed, int target) {
            this.feed = feed;
            this.id = feed.id();
            this.target = target;
            this.selector = feed.of().compile();
            Outcome outcome = feed.outcome().orElse(null);
            this.measured =
                    outcome instanceof Outcome.Measured m ? new Outcome.Measured[] {m} : new Outcome.Measured[0];
            this.matched = outcome instanceof Outcome.Attribute a ? a.matcher().compile() : series -> false;
        }
    }

    /** @param targets number of partitions of the partials topic */
    Plan(RuleSet rules, int targets) {
        for (RuleGroup group : rules.groups()) {
            int target = targetOf(group.name(), targets);
            for (Feed feed : feedsOf(group)) {
                Source source = new Source(feed, target);
                sources.add(source);
                for (String hint : hints(feed)) {
                    byHint.computeIfAbsent(hint, h -> new ArrayList<>()).add(source);
                }
            }
        }
    }

    /** The partition of the partials topic, and so the task, that decides a rule group. */
    static int targetOf(String group, int targets) {
        return Math.floorMod(group.hashCode(), targets);
    }

    /** Everything a group counts, each once, in the order of its signals. */
    static List<Feed> feedsOf(RuleGroup group) {
        Map<Long, Feed> feeds = new LinkedHashMap<>();
        for (Signal signal : group.allSignals().values()) {
            Feed feed = signal.feed().in(group.name());
            feeds.put(feed.id(), feed);
        }
        return new ArrayList<>(feeds.values());
    }

    /** The feeds that count events of this series, and with which labels. */
    List<Match> matches(Series series) {
        List<Match> matches = new ArrayList<>();
        collect(series, "any", matches);
        collect(series, "service " + series.service(), matches);
        collect(series, series.kind() + " " + series.name(), matches);
        return matches;
    }

    private void collect(Series series, String hint, List<Match> matches) {
        List<Source> candidates = byHint.get(hint);
        if (candidates == null) {
            return;
        }
        for (Source source : candidates) {
            if (!source.selector.test(series)) {
                continue;
            }
            int field = -1;
            if (!source.feed.field().isEmpty()) {
                field = series.indexOfField(source.feed.field());
                if (field < 0) {
                    continue;
                }
            }
            String[] labels = new String[source.feed.by().size()];
            boolean keyed = true;
            for (int i = 0; i < labels.length; i++) {
                String value = series.get(source.feed.by().get(i));
                keyed &= value != null;
                labels[i] = value == null ? "" : value;
            }
            boolean hit = source.feed.part() == Part.SHARE && source.matched.test(series);
            matches.add(new Match(source, field, new LabelValues(labels), keyed, hit));
        }
    }

    /**
     * One feed of a series.
     *
     * @param field position of the field it reads, -1 when it reads none
     * @param keyed whether the series has all labels the feed is split by; otherwise its events are not counted
     * @param hit whether the series satisfies the predicate of a ratio
     */
    record Match(Source source, int field, LabelValues labels, boolean keyed, boolean hit) {}

    private static List<String> hints(Feed feed) {
        if (feed.of().kind() != Kind.SPAN && !feed.of().name().isEmpty()) {
            return List.of(feed.of().kind() + " " + feed.of().name());
        }
        for (var matcher : feed.of().where()) {
            if (matcher.attribute().equals(Series.SERVICE_NAME)
                    && !matcher.negated()
                    && matcher.regex().isEmpty()) {
                return matcher.values().stream()
                        .distinct()
                        .map(s -> "service " + s)
                        .toList();
            }
        }
        return List.of("any");
    }
}
