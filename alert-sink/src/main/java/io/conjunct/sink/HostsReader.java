// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.check.Place;
import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.yaml.Problems;
import io.conjunct.sink.yaml.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code allow_hosts}: names, or names for some kinds of receivers with who answers for them. */
final class HostsReader {
    private final Problems problems;
    private final Set<String> knownKinds;

    HostsReader(Problems problems, Set<String> knownKinds) {
        this.problems = problems;
        this.knownKinds = knownKinds;
    }

    /** {@code allow_hosts: [NAME, {host: NAME, for: [webhook], owner: TEAM}]}. */
    AllowedHosts read(Section top) {
        List<AllowedHosts.Host> hosts = new ArrayList<>();
        top.each(
                "allow_hosts",
                (name, place) ->
                        host(name, place).ifPresent(host -> hosts.add(new AllowedHosts.Host(host, Set.of(), ""))),
                section -> {
                    Optional<String> name = section.text("host");
                    Map<String, Place> kinds = section.texts("for");
                    Optional<String> owner = section.text("owner");
                    section.finish();
                    kinds.forEach((kind, place) -> {
                        if (!knownKinds.contains(kind)) {
                            section.unknown(place, "kind", kind, knownKinds);
                        }
                    });
                    if (name.isEmpty() || owner.isEmpty()) {
                        problems.add(
                                section.place(),
                                "receivers/missing-key",
                                "allow_hosts: expected a host and who answers for it, such as {host:"
                                        + " alerts.example.com, for: [webhook], owner: TEAM}");
                        return;
                    }
                    host(name.get(), section.place("host"))
                            .ifPresent(host -> hosts.add(new AllowedHosts.Host(host, kinds.keySet(), owner.get())));
                });
        return AllowedHosts.of(hosts);
    }

    private Optional<String> host(String name, Place place) {
        if (name.matches("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]")) {
            return Optional.of(name);
        }
        problems.add(
                place,
                "receivers/value",
                "allow_hosts: not a host name (expected: a name such as alerts.example.com, without scheme, port,"
                        + " path or wildcard)");
        return Optional.empty();
    }
}
