// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.signal.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The signals and SLOs a group's rules may name. Remembers which were named, and which could not be read. */
final class Scope {
    private final String group;
    private final Map<String, Signal> signals = new LinkedHashMap<>();
    private final Map<String, Slo> slos = new LinkedHashMap<>();
    private final Set<String> broken = new TreeSet<>();
    private final Set<String> used = new TreeSet<>();

    Scope(String group) {
        this.group = group;
    }

    void add(Signal signal) {
        signals.put(signal.name(), signal);
    }

    void add(Slo slo) {
        slos.put(slo.name(), slo);
    }

    Optional<Slo> findSlo(String name) {
        return Optional.ofNullable(slos.get(name));
    }

    List<String> sloNames() {
        return List.copyOf(slos.keySet());
    }

    /** A signal or SLO that was refused: naming it is no second error. */
    void addBroken(String name) {
        broken.add(name);
    }

    Optional<Signal> find(String name) {
        used.add(name);
        return Optional.ofNullable(signals.get(name));
    }

    boolean isBroken(String name) {
        return broken.contains(name);
    }

    String group() {
        return group;
    }

    List<String> names() {
        return List.copyOf(signals.keySet());
    }

    Set<String> used() {
        return Set.copyOf(used);
    }
}
