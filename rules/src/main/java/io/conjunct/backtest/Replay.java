// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import io.conjunct.engine.EngineSettings;
import io.conjunct.history.History;
import io.conjunct.rule.RuleGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Plays a history through the engine with rules of one's choice. Rule groups are spread over threads; each thread reads
 * the files itself and runs an engine of its own, so the result does not depend on how many there are.
 */
final class Replay {
    private final History history;
    private final EngineSettings settings;
    private final int threads;
    private final Progress progress;

    /** @param threads upper bound; no more are used than there are groups */
    Replay(History history, EngineSettings settings, int threads, Progress progress) {
        this.history = requireNonNull(history, "history");
        this.settings = requireNonNull(settings, "settings");
        this.threads = threads;
        this.progress = requireNonNull(progress, "progress");
    }

    /**
     * What came out.
     *
     * @param firings of every rule, in the order in which they fired
     * @param evidenceLost how often each rule lost its evidence while firing
     */
    record Result(Map<RuleKey, List<Firing>> firings, Map<RuleKey, Integer> evidenceLost, Stretch stretch) {
        List<Firing> of(RuleKey key) {
            return firings.getOrDefault(key, List.of());
        }
    }

    /**
     * Runs all groups over the whole history.
     *
     * @param groups names are unique, and so are those of the rules of each
     * @throws IOException when a file cannot be read, or has no event
     */
    Result run(List<RuleGroup> groups) throws IOException, InterruptedException {
        long begin = history.begin()
                .orElseThrow(() -> new IOException("there is no event in " + history.files()
                        + ": nothing to replay (was it recorded before any event came?)"));
        List<List<RuleGroup>> shares = shares(groups);
        List<Run> runs = new ArrayList<>();
        for (List<RuleGroup> share : shares) {
            // One of them tells how far they all are.
            runs.add(new Run(history, settings, share, begin, runs.isEmpty() ? progress : Progress.NONE));
        }
        runAll(runs);
        Map<RuleKey, List<Firing>> firings = new TreeMap<>();
        Map<RuleKey, Integer> evidenceLost = new TreeMap<>();
        for (Run run : runs) {
            firings.putAll(run.firings());
            evidenceLost.putAll(run.evidenceLost());
        }
        return new Result(firings, evidenceLost, runs.get(0).stretch());
    }

    private static void runAll(List<Run> runs) throws IOException, InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(runs.size());
        try {
            List<Future<Run>> results = new ArrayList<>();
            for (Run run : runs) {
                results.add(workers.submit(run));
            }
            for (Future<Run> result : results) {
                result.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("the replay failed", e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    /** Spreads groups so that each thread has about as many rules. */
    private List<List<RuleGroup>> shares(List<RuleGroup> groups) {
        List<List<RuleGroup>> shares = new ArrayList<>();
        int count = Math.max(1, Math.min(threads, groups.size()));
        int[] load = new int[count];
        for (int i = 0; i < count; i++) {
            shares.add(new ArrayList<>());
        }
        List<RuleGroup> heaviestFirst = new ArrayList<>(groups);
        heaviestFirst.sort(Comparator.comparingInt((RuleGroup g) -> g.rules().size())
                .reversed()
                .thenComparing(RuleGroup::name));
        for (RuleGroup group : heaviestFirst) {
            int lightest = 0;
            for (int i = 1; i < count; i++) {
                if (load[i] < load[lightest]) {
                    lightest = i;
                }
            }
            shares.get(lightest).add(group);
            load[lightest] += group.rules().size() + 1;
        }
        return shares;
    }
}
