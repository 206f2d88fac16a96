// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one entry of {@code groups}: first its signals, then the SLOs and rules that name them. */
final class GroupReader {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,127}";

    private GroupReader() {}

    /** The group as far as it can be read; empty when it does not even have a name. */
    static Optional<GroupDraft> read(Node node, Findings findings) {
        if (!(node instanceof Node.Table table) || table.scalar("name").isEmpty()) {
            return Optional.empty();
        }
        Node.Scalar name = table.scalar("name").get();
        if (!name.text().matches(NAME)) {
            findings.error(
                    "group/name",
                    name.place(),
                    "a group's name has letters, digits, _ . and -, at most 128",
                    "write it like read-api");
        }
        Scope scope = new Scope(name.text());
        List<SignalDraft> signals = new ArrayList<>();
        for (Node.Entry entry : table.table("signals").map(Node.Table::entries).orElse(List.of())) {
            Optional<SignalDraft> signal = SignalReader.read(entry, findings);
            if (signal.isPresent()) {
                signals.add(signal.get());
                scope.add(signal.get().signal());
            } else {
                scope.addBroken(entry.key().text());
            }
        }
        List<RuleDraft> burns = new ArrayList<>();
        for (Node.Entry entry : table.table("slos").map(Node.Table::entries).orElse(List.of())) {
            burns.addAll(SloReader.read(entry, scope, findings));
        }
        List<RuleDraft> rules = new ArrayList<>();
        for (Node rule : table.sequence("rules").map(Node.Sequence::items).orElse(List.of())) {
            RuleReader.read(rule, scope, findings).ifPresent(rules::add);
        }
        rules.addAll(burns);
        String owner = table.scalar("owner").map(o -> o.text().strip()).orElse("");
        List<MuteDraft> mutes = new ArrayList<>();
        for (Node mute : table.sequence("mutes").map(Node.Sequence::items).orElse(List.of())) {
            MuteReader.read(mute, findings).ifPresent(mutes::add);
        }
        return Optional.of(new GroupDraft(name, table, owner, signals, rules, scope.used(), mutes));
    }
}
