// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Checks;
import io.conjunct.check.Findings;
import io.conjunct.check.Place;
import io.conjunct.check.Setting;
import io.conjunct.check.SourceText;
import io.conjunct.check.Spelling;
import io.conjunct.signal.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads rule files: YAML, then the schema, then every text in them, then the checks. Each step goes as far as it can, so
 * that all problems of all files are reported at once.
 */
public final class RuleLoader {
    /** A larger file is refused: 1 MiB is some ten thousand rules. */
    public static final int MAX_FILE_BYTES = 1 << 20;

    /** More files than this are refused. */
    public static final int MAX_FILES = 1_000;

    /** Compiled once, when first needed; it has no state. */
    private static final class Checked {
        static final RuleSchema SCHEMA = new RuleSchema();
    }

    private RuleLoader() {}

    /** Reads texts under a revision of the caller's choice. */
    public static Loaded load(List<RuleSource> sources, String revision) {
        return load(sources, Optional.of(revision), Setting.DEFAULT, new Findings());
    }

    /** Reads texts under a revision of the caller's choice, and checks them for an engine and a time. */
    public static Loaded load(List<RuleSource> sources, String revision, Setting setting) {
        return load(sources, Optional.of(revision), setting, new Findings());
    }

    /**
     * Reads published texts without the schema, which they passed before they were published, and which weighs more than
     * all else that a sidecar knows of rules. Keys that only a later release knows are passed over.
     */
    public static Loaded published(List<RuleSource> sources, String revision) {
        Drafts drafts = new Drafts();
        Findings findings = new Findings();
        for (RuleSource source : sources) {
            document(source, findings).ifPresent(document -> read(document, findings, drafts));
        }
        return loaded(drafts, sources, Optional.of(revision), Setting.DEFAULT, findings);
    }

    /**
     * Reads a directory with everything in it, or one file. The revision is a fingerprint of the files.
     *
     * @throws IOException when the directory itself cannot be read
     */
    public static Loaded fromDirectory(Path directory) throws IOException {
        return fromDirectory(directory, Optional.empty());
    }

    /**
     * Reads a directory with everything in it, or one file: {@code *.yaml} and {@code *.yml} at any depth, sorted by path,
     * without tests ({@code *.test.yaml}), {@code receivers.yaml}, {@code conjunct.yaml} and hidden names.
     *
     * @param revision of the files; a fingerprint of their content when empty
     * @throws IOException when the directory itself cannot be read
     */
    public static Loaded fromDirectory(Path directory, Optional<String> revision) throws IOException {
        Findings findings = new Findings();
        return load(RuleFiles.read(directory, findings), revision, Setting.DEFAULT, findings);
    }

    /**
     * Reads several directories or files as one set of rules.
     *
     * @throws IOException when one of the paths itself cannot be read
     */
    public static Loaded fromPaths(List<Path> paths, Setting setting) throws IOException {
        Findings findings = new Findings();
        Set<RuleSource> sources = new LinkedHashSet<>();
        for (Path path : paths) {
            sources.addAll(RuleFiles.read(path, findings));
        }
        return load(List.copyOf(sources), Optional.empty(), setting, findings);
    }

    /** Reads rules that stand inside another file, such as a test. */
    public static Loaded embedded(Node document, RuleSource file, String revision) {
        Drafts drafts = new Drafts();
        Findings findings = new Findings();
        check(document, findings, drafts);
        return loaded(drafts, List.of(file), Optional.of(revision), Setting.DEFAULT, findings);
    }

    /** Whether a path below a rules directory is that of a rule file, by its name: for hosts that read them elsewhere. */
    public static boolean isRuleFile(Path relative) {
        return RuleFiles.isRuleFile(relative);
    }

    private static Loaded load(
            List<RuleSource> sources, Optional<String> revision, Setting setting, Findings findings) {
        Drafts drafts = new Drafts();
        for (RuleSource source : sources) {
            document(source, findings).ifPresent(document -> check(document, findings, drafts));
        }
        return loaded(drafts, sources, revision, setting, findings);
    }

    /** What all files hold. */
    private static final class Drafts {
        final List<GroupDraft> groups = new ArrayList<>();
        final List<MuteDraft> silences = new ArrayList<>();
    }

    private static void check(Node document, Findings findings, Drafts drafts) {
        Checked.SCHEMA.check(document, findings);
        read(document, findings, drafts);
    }

    private static void read(Node document, Findings findings, Drafts drafts) {
        if (document instanceof Node.Table table) {
            boolean nothing =
                    table.get("groups").isEmpty() && table.get("silences").isEmpty();
            boolean misspelt = table.entries().stream()
                    .anyMatch(e -> Spelling.nearest(e.key().text(), List.of("groups", "silences"))
                            .isPresent());
            if (nothing && !misspelt) {
                findings.error("key/missing", table.place(), "`groups` is missing", "add `groups:`");
            }
            for (Node group : table.sequence("groups").map(Node.Sequence::items).orElse(List.of())) {
                GroupReader.read(group, findings).ifPresent(drafts.groups::add);
            }
            for (Node silence :
                    table.sequence("silences").map(Node.Sequence::items).orElse(List.of())) {
                MuteReader.read(silence, findings).ifPresent(drafts.silences::add);
            }
        }
    }

    private static Loaded loaded(
            Drafts drafts, List<RuleSource> sources, Optional<String> revision, Setting setting, Findings findings) {
        Checks.run(drafts.groups, drafts.silences, setting, findings);
        Optional<RuleSet> ruleSet = Optional.empty();
        if (findings.errors() == 0) {
            List<Mute> silences = drafts.silences.stream().map(MuteDraft::mute).toList();
            ruleSet = Optional.of(new RuleSet(
                    revision.orElseGet(() -> fingerprint(sources)),
                    drafts.groups.stream().map(g -> group(g, silences)).toList()));
        }
        return new Loaded(
                ruleSet,
                findings.sorted(sources.stream().map(RuleSource::path).toList()),
                sources,
                places(drafts.groups));
    }

    /** Where each rule that somebody wrote stands. */
    private static Map<String, Place> places(List<GroupDraft> groups) {
        Map<String, Place> places = new HashMap<>();
        for (GroupDraft group : groups) {
            for (RuleDraft rule : group.rules()) {
                if (rule.table().get("alert").isPresent()) {
                    places.putIfAbsent(rule.name().text(), rule.name().place());
                }
            }
        }
        return places;
    }

    /** The YAML document of a file; empty when it has been refused with a finding. */
    public static Optional<Node> document(RuleSource source, Findings findings) {
        if (source.text().length() > MAX_FILE_BYTES
                || source.text().getBytes(StandardCharsets.UTF_8).length > MAX_FILE_BYTES) {
            findings.error(
                    "file/too-large",
                    Place.startOf(source.path()),
                    "the file is larger than 1 MiB",
                    "split it into several files");
            return Optional.empty();
        }
        // An editor's byte order mark is not part of the text.
        String text = source.text().startsWith("\uFEFF") ? source.text().substring(1) : source.text();
        SourceText lines = new SourceText(source.path(), text);
        return ConflictMarks.refuse(lines, findings) ? Optional.empty() : YamlReader.read(lines, findings);
    }

    private static RuleGroup group(GroupDraft draft, List<Mute> silences) {
        return new RuleGroup(
                draft.name().text(),
                draft.owner(),
                draft.signals().stream().map(SignalDraft::signal).toList(),
                draft.rules().stream().map(r -> r.rule().orElseThrow()).toList(),
                Stream.concat(draft.mutes().stream().map(MuteDraft::mute), silences.stream())
                        .toList());
    }

    private static String fingerprint(List<RuleSource> sources) {
        StringBuilder all = new StringBuilder();
        sources.forEach(s -> all.append(s.path()).append('\0').append(s.text()).append('\0'));
        return Fingerprint.of(all.toString());
    }
}
