// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Findings;
import io.conjunct.check.Place;
import io.conjunct.engine.EngineSettings;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.Node;
import io.conjunct.rule.Node.Scalar;
import io.conjunct.rule.RuleFiles;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads test files as far as it can, so that all problems of a file are reported at once. */
final class ScenarioReader {
    private static final List<String> FILE_KEYS = List.of("rules", "findings", "tick", "until", "tests");
    private static final List<String> TEST_KEYS = List.of("name", "given", "expect", "tick", "until");
    private static final long MAX_TICKS = 600_000;

    private final Path path;
    private final RuleSource source;
    private final Findings findings = new Findings();
    private final List<Diagnostic> inRules = new ArrayList<>();
    private long tick = EngineSettings.DEFAULT_TICK.toMillis();

    private ScenarioReader(Path path, RuleSource source) {
        this.path = path;
        this.source = source;
    }

    /** Reads a file from disk, and the rules beside it. */
    static ScenarioFile read(Path path) {
        Findings unreadable = new Findings();
        Optional<RuleSource> source = RuleFiles.readFile(path, unreadable);
        if (source.isEmpty()) {
            RuleSource none = new RuleSource(path.toString(), "");
            return new ScenarioFile(
                    none, Optional.empty(), Optional.empty(), List.of(), unreadable.sorted(List.of(none.path())));
        }
        return new ScenarioReader(path, source.get()).read();
    }

    /** The rule files that a test file names, whether they exist or not; none where it cannot be read. */
    static List<Path> rules(Path path) {
        Findings ignored = new Findings();
        return RuleFiles.readFile(path, ignored)
                .flatMap(source -> RuleLoader.document(source, ignored))
                .flatMap(document -> Section.of(document, "a test file", FILE_KEYS, ignored))
                .flatMap(file -> file.node("rules"))
                .filter(node -> !(node instanceof Node.Table))
                .map(node -> Section.scalars(node, ignored).stream()
                        .map(name -> beside(path, name))
                        .toList())
                .orElse(List.of());
    }

    /** The tests of a text that says nothing of rules; none when it has a problem. */
    static List<Scenario> scenarios(RuleSource source) {
        ScenarioReader reader = new ScenarioReader(Path.of(source.path()), source);
        List<Scenario> scenarios = new ArrayList<>();
        RuleLoader.document(source, reader.findings)
                .flatMap(d -> Section.of(d, "a test file", FILE_KEYS, reader.findings))
                .ifPresent(file -> {
                    reader.tick = reader.tick(file, reader.tick);
                    reader.tests(file, scenarios, false);
                });
        return reader.findings.errors() > 0 ? List.of() : scenarios;
    }

    private ScenarioFile read() {
        Optional<Section> file =
                RuleLoader.document(source, findings).flatMap(d -> Section.of(d, "a test file", FILE_KEYS, findings));
        Optional<Loaded> rules = Optional.empty();
        Optional<List<String>> refused = Optional.empty();
        List<Scenario> scenarios = new ArrayList<>();
        if (file.isPresent()) {
            Section section = file.get();
            refused = section.node("findings")
                    .map(n -> Section.scalars(n, findings).stream()
                            .map(Scalar::text)
                            .sorted()
                            .toList());
            rules = rules(section);
            if (refused.isEmpty()) {
                rules.ifPresent(r ->
                        r.diagnostics().stream().filter(Diagnostic::isError).forEach(inRules::add));
            }
            tick = tick(section, tick);
            tests(section, scenarios, refused.isPresent());
        }
        List<Diagnostic> problems = new ArrayList<>(findings.sorted(List.of(source.path())));
        problems.addAll(inRules);
        return new ScenarioFile(source, rules, refused, scenarios, problems);
    }

    /** The rules under test: the name of a file beside this one, several of them, or the rules themselves. */
    private Optional<Loaded> rules(Section section) {
        Optional<Node> node = section.node("rules");
        if (node.isEmpty()) {
            section.missing("rules");
            return Optional.empty();
        }
        if (node.get() instanceof Node.Table table) {
            return Optional.of(RuleLoader.embedded(table, source, "test"));
        }
        List<RuleSource> sources = new ArrayList<>();
        for (Scalar name : Section.scalars(node.get(), findings)) {
            Path file = beside(path, name);
            if (!Files.isRegularFile(file)) {
                findings.error(
                        "test/no-rules",
                        name.place(),
                        "there is no file " + file,
                        "name a rule file as seen from this file, or write the rules here: {groups: […]}");
                continue;
            }
            Findings unreadable = new Findings();
            RuleFiles.readFile(file, unreadable).ifPresent(sources::add);
            inRules.addAll(unreadable.sorted(List.of()));
        }
        return sources.isEmpty() ? Optional.empty() : Optional.of(RuleLoader.load(sources, "test"));
    }

    /** Without {@code ..} where it can be: reviews annotate files by their plain paths. */
    private static Path beside(Path path, Scalar name) {
        return path.resolveSibling(name.text()).normalize();
    }

    private long tick(Section section, long otherwise) {
        long millis = section.millis("tick", otherwise);
        if (millis < 1000 || millis % 1000 != 0) {
            section.wrong("tick", "a tick is whole seconds, at least one", "write 1s or 10s");
            return otherwise;
        }
        return millis;
    }

    private void tests(Section file, List<Scenario> scenarios, boolean mayLack) {
        List<Node> items = file.items("tests");
        if (items.isEmpty() && !mayLack) {
            file.missing("tests");
        }
        Map<String, Place> names = new HashMap<>();
        for (Node item : items) {
            Section.of(item, "a test", TEST_KEYS, findings).ifPresent(test -> {
                Optional<String> name = test.text("name");
                if (name.isEmpty()) {
                    test.missing("name");
                } else {
                    Place first = names.putIfAbsent(name.get(), test.placeOf("name"));
                    if (first != null) {
                        test.wrong("name", "this name stands twice, first in line " + first.line(), "rename one");
                    }
                }
                scenario(file, test, name.orElse("")).ifPresent(scenarios::add);
            });
        }
    }

    private Optional<Scenario> scenario(Section file, Section test, String name) {
        int errors = findings.errors();
        long ofTest = tick(test, tick);
        List<EventLine> given = new ArrayList<>();
        for (Node line : test.items("given")) {
            EventLineReader.read(line, given.size(), findings).ifPresent(given::add);
        }
        if (!test.has("expect")) {
            findings.error("key/missing", test.place(), "`expect` is missing", "add `expect: []` for no alert");
        }
        List<Expected> expect = new ArrayList<>();
        for (Node item : test.items("expect")) {
            Expected.read(item, findings).ifPresent(e -> expect.add(e.atTicks(ofTest)));
        }
        long until = Math.max(
                given.stream().mapToLong(l -> l.schedule().span().to()).max().orElse(0),
                expect.stream().mapToLong(Expected::latest).max().orElse(0));
        until = Expected.up(test.millis("until", file.millis("until", until)), ofTest);
        for (Expected e : expect) {
            if (e.latest() > until) {
                findings.error(
                        "test/too-short",
                        e.place(),
                        "the timeline ends at " + Expected.time(until) + ", before this",
                        "make `until` longer");
            }
        }
        if (until == 0 || until / ofTest > MAX_TICKS) {
            findings.error(
                    "test/length",
                    test.place(),
                    "the timeline has " + until / ofTest + " ticks (expected: 1 to " + MAX_TICKS + ")",
                    until == 0 ? "give it a line, or `until: 1h`" : "use a longer `tick`, or a shorter timeline");
        }
        return findings.errors() > errors
                ? Optional.empty()
                : Optional.of(new Scenario(name, test.placeOf("name"), ofTest, until, given, expect));
    }
}
