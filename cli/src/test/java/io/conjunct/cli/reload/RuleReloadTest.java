// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.cli.reload.Attempt.Result;
import io.conjunct.rule.RuleSource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** I7: what is in force changes only to a fully valid set, and the failure is told. */
final class RuleReloadTest {
    private static final String GOOD = rules("Slow", 5);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final HeapRuleLog log = new HeapRuleLog();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private Instant now = Instant.parse("2026-11-20T10:00:00Z");
    private final ReloadMetrics metrics = new ReloadMetrics(registry);

    static String rules(String alert, int threshold) {
        return """
                groups:
                - name: g
                  owner: team
                  signals:
                    level: {measure: max(value), of: metric level, over: 10s}
                  rules:
                  - {alert: %s, when: level > %d, tier: ticket}
                """.formatted(alert, threshold);
    }

    @BeforeEach
    void writeGoodRules() throws IOException {
        Files.createDirectories(rules());
        write("a.yaml", GOOD);
    }

    private Path rules() {
        return directory.resolve("rules");
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(rules().resolve(file), text);
    }

    /** A node that starts, or starts again: only its memory stays. */
    private RuleReload node() {
        return node("memory");
    }

    private RuleReload node(String memory) {
        return new RuleReload(rules(), directory.resolve(memory), log, metrics, () -> now);
    }

    private double gauge(String name) {
        return registry.scrape(each -> each.equals(name)).stream()
                .map(GaugeSnapshot.class::cast)
                .findFirst()
                .orElseThrow()
                .getDataPoints()
                .get(0)
                .getValue();
    }

    /** A way to break rules: what is done to the directory, and what the first error is. */
    interface Breaking {
        void apply(Path rules) throws IOException;
    }

    static Stream<Arguments> brokenSets() {
        return Stream.of(
                broken("YAML that ends in the middle", "yaml/syntax", GOOD.substring(0, GOOD.indexOf("tier") + 4)),
                broken("not YAML", "yaml/syntax", "groups: [}"),
                broken("unknown key", "key/unknown", GOOD.replace("owner:", "ownr:")),
                broken("unknown signal", "condition/unknown-signal", GOOD.replace("level > 5", "leval > 5")),
                broken("wrong unit", "signal/metric-unit-missing", GOOD.replace("level > 5", "level > 5ms")),
                broken(
                        "duplicate alert",
                        "rule/duplicate",
                        GOOD + "  - {alert: Slow, when: level > 7, tier: ticket}\n"),
                broken("merge conflict", "file/merge-conflict", GOOD + "<<<<<<< HEAD\n=======\n>>>>>>> other\n"),
                broken("empty file", "file/empty", ""),
                broken("alias bomb", "yaml/", bomb()),
                broken(
                        "regular expression that is none",
                        "regex/invalid",
                        GOOD.replace("metric level", "metric level, where: {path: {matches: '(('}}")),
                Arguments.of("10 MB", "file/too-large", (Breaking)
                        rules -> Files.writeString(rules.resolve("a.yaml"), GOOD + "#".repeat(10 << 20))),
                Arguments.of("binary", "file/not-text", (Breaking)
                        rules -> Files.writeString(rules.resolve("a.yaml"), GOOD + "# \u00e4", ISO_8859_1)),
                Arguments.of("a second, bad file", "file/empty", (Breaking)
                        rules -> Files.writeString(rules.resolve("b.yaml"), "")),
                Arguments.of("all files deleted", "", (Breaking) rules -> Files.delete(rules.resolve("a.yaml"))),
                Arguments.of("directory deleted", "", (Breaking) rules -> {
                    Files.delete(rules.resolve("a.yaml"));
                    Files.delete(rules);
                }),
                Arguments.of("no group left", "", (Breaking)
                        rules -> Files.writeString(rules.resolve("a.yaml"), "groups: []\n")));
    }

    private static Arguments broken(String name, String id, String text) {
        return Arguments.of(name, id, (Breaking) rules -> Files.writeString(rules.resolve("a.yaml"), text));
    }

    private static String bomb() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            yaml.append("a%d: &a%d [".formatted(i, i))
                    .append("*a%d, ".formatted(i - 1).repeat(9))
                    .append("]\n");
        }
        return yaml + "groups: *a11\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenSets")
    void brokenSet_neverReplacesAGoodOne(String name, String id, Breaking breaking) throws IOException {
        RuleReload node = node();
        assertThat(node.reload().result()).isEqualTo(Result.APPLIED);
        double success = gauge("conjunct_rules_last_reload_success_timestamp_seconds");
        now = now.plusSeconds(60);

        breaking.apply(rules());
        Attempt refused = node.reload();

        assertThat(refused.result()).isEqualTo(Result.REFUSED);
        assertThat(refused.problem()).isNotBlank();
        assertThat(refused.revision()).isEqualTo(log.updates.get(0).revision());
        if (!id.isEmpty()) {
            assertThat(refused.files().errors()).anySatisfy(error -> {
                assertThat(error.id()).startsWith(id);
                assertThat(error.line()).isPositive();
            });
        }
        assertThat(log.alerts()).containsExactly("Slow");
        assertThat(log.updates).hasSize(1);
        assertThat(gauge("conjunct_rules_last_reload_successful")).isZero();
        assertThat(gauge("conjunct_rules_last_reload_success_timestamp_seconds"))
                .isEqualTo(success);

        Files.createDirectories(rules());
        Files.deleteIfExists(rules().resolve("b.yaml"));
        write("a.yaml", GOOD);
        assertThat(node.reload().result()).isEqualTo(Result.UNCHANGED);
        assertThat(gauge("conjunct_rules_last_reload_successful")).isOne();
        assertThat(gauge("conjunct_rules_last_reload_success_timestamp_seconds"))
                .isEqualTo(success + 60);
        assertThat(log.updates).hasSize(1);
    }

    @Test
    void brokenSet_atARestart_leavesTheGoodOne() throws IOException {
        node().reload();
        write("a.yaml", "groups: [}");
        Attempt start = node().reload();
        assertThat(start.result()).isEqualTo(Result.REFUSED);
        assertThat(start.revision()).isEqualTo(log.updates.get(0).revision());
    }

    @Test
    void brokenSet_atTheFirstStart_leavesNothing() throws IOException {
        write("a.yaml", "groups: [}");
        Attempt start = node().reload();
        assertThat(start.result()).isEqualTo(Result.REFUSED);
        assertThat(start.revision()).isEmpty();
        assertThat(log.updates).isEmpty();
    }

    @Test
    void changedRule_isPublished_andToldInWords() throws IOException {
        RuleReload node = node();
        node.reload();
        write("a.yaml", rules("Slow", 6));
        Attempt changed = node.reload();
        assertThat(changed.result()).isEqualTo(Result.APPLIED);
        assertThat(changed.changes()).isEqualTo("1 changed (Slow), 0 unchanged");
        assertThat(log.updates).hasSize(2);
    }

    @Test
    void removedFile_removesItsRules_whileAnotherStays() throws IOException {
        write("b.yaml", rules("Other", 5).replace("name: g", "name: h"));
        RuleReload node = node();
        node.reload();
        assertThat(log.alerts()).containsExactly("Slow", "Other");
        Files.delete(rules().resolve("b.yaml"));
        assertThat(node.reload().changes()).isEqualTo("1 removed (Other), 1 unchanged");
        assertThat(log.alerts()).containsExactly("Slow");
    }

    @Test
    void nodeWithOlderFiles_neverTakesAnothersChangeBack() throws IOException {
        RuleReload late = node("memory of the late one");
        late.reload();
        log.publish("elsewhere", List.of(new RuleSource("a.yaml", rules("Slow", 9))));

        assertThat(late.reload().result()).isEqualTo(Result.OVERRULED);
        assertThat(node("memory of the late one").reload().result())
                .as("after a restart")
                .isEqualTo(Result.OVERRULED);
        assertThat(log.published().latest().orElseThrow().revision()).isEqualTo("elsewhere");

        write("a.yaml", rules("Slow", 9));
        assertThat(late.reload().result()).as("once its files have come").isEqualTo(Result.UNCHANGED);
        write("a.yaml", rules("Slow", 10));
        assertThat(late.reload().result()).as("when they are newer").isEqualTo(Result.APPLIED);
        assertThat(log.updates).hasSize(3);
    }

    @Test
    void filesThatDoNotReachKafka_areTriedAgain() throws IOException {
        RuleReload node = node();
        node.reload();
        write("a.yaml", rules("Slow", 6));
        log.away = true;
        Attempt failed = node.reload();
        assertThat(failed.result()).isEqualTo(Result.FAILED);
        assertThat(failed.problem()).contains("no broker answers");
        assertThat(gauge("conjunct_rules_last_reload_successful")).isZero();
        log.away = false;
        assertThat(node.reload().result()).isEqualTo(Result.APPLIED);
    }

    @Test
    void sameFiles_elsewhere_areTheSameRevision() throws IOException {
        Path copy = Files.createDirectories(directory.resolve("copy"));
        write("a.yaml", GOOD);
        Files.writeString(copy.resolve("a.yaml"), GOOD);
        RulesOnDisk one = RulesOnDisk.read(rules());
        RulesOnDisk other = RulesOnDisk.read(copy);
        assertThat(other.content()).isEqualTo(one.content());
        assertThat(other.revision()).isEqualTo(one.revision()).hasSize(16);
        assertThat(RulesOnDisk.read(copy.resolve("a.yaml")).content()).isEqualTo(one.content());
    }
}
