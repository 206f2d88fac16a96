// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.cli.reload.Attempt.Result;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change in every way in which they do. */
final class RuleWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final HeapRuleLog log = new HeapRuleLog();
    private @Nullable RuleReload current;

    private RuleWatch watch(Path rules) {
        RuleReload reload = new RuleReload(
                rules,
                directory.resolve("memory"),
                log,
                new ReloadMetrics(new PrometheusRegistry()),
                () -> Instant.EPOCH);
        reload.reload();
        current = reload;
        return RuleWatch.start(rules, reload);
    }

    private @Nullable Result last() {
        return current == null ? null : current.last().map(Attempt::result).orElse(null);
    }

    private void awaitAlerts(String... names) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(log.alerts()).containsExactly(names));
    }

    @Test
    void fileWrittenReplacedAndDeleted_isNoticed() throws IOException {
        Path rules = Files.createDirectories(directory.resolve("rules"));
        Files.writeString(rules.resolve("a.yaml"), RuleReloadTest.rules("A", 5));
        try (RuleWatch watch = watch(rules)) {
            Path deep = Files.createDirectories(rules.resolve("later/deep"));
            Files.writeString(
                    deep.resolve("b.yaml"), RuleReloadTest.rules("B", 5).replace("name: g", "name: h"));
            awaitAlerts("A", "B");
            // As editors do it: another file under the old name.
            Path written = Files.writeString(rules.resolve(".a.yaml.swp"), RuleReloadTest.rules("C", 5));
            Files.move(written, rules.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);
            awaitAlerts("C", "B");
            Files.delete(deep.resolve("b.yaml"));
            awaitAlerts("C");
        }
    }

    @Test
    void configMap_thatKubernetesSwaps_isNoticed() throws IOException {
        Path rules = Files.createDirectories(directory.resolve("rules"));
        configMap(rules, "..2026_11_20_1", RuleReloadTest.rules("A", 5));
        Files.createSymbolicLink(rules.resolve("a.yaml"), Path.of("..data", "a.yaml"));
        try (RuleWatch watch = watch(rules)) {
            awaitAlerts("A");
            configMap(rules, "..2026_11_20_2", RuleReloadTest.rules("B", 5));
            awaitAlerts("B");
        }
    }

    private static void configMap(Path rules, String version, String text) throws IOException {
        Files.createDirectories(rules.resolve(version));
        Files.writeString(rules.resolve(version).resolve("a.yaml"), text);
        Path next = Files.createSymbolicLink(rules.resolve("..data_tmp"), Path.of(version));
        Files.move(next, rules.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void directoryThatIsALink_turnedToAnother_isNoticed() throws IOException {
        for (String release : new String[] {"one", "two"}) {
            Path path = Files.createDirectories(directory.resolve(release));
            Files.writeString(path.resolve("a.yaml"), RuleReloadTest.rules(release, 5));
        }
        Path current = Files.createSymbolicLink(directory.resolve("current"), directory.resolve("one"));
        try (RuleWatch watch = watch(current)) {
            awaitAlerts("one");
            Path next = Files.createSymbolicLink(directory.resolve("next"), directory.resolve("two"));
            Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
            awaitAlerts("two");
        }
    }

    @Test
    void fileThatIsStillBeingWritten_isLeftAlone() throws IOException {
        Path rules = Files.createDirectories(directory.resolve("rules"));
        Path file = rules.resolve("a.yaml");
        String whole = RuleReloadTest.rules("A", 5) + "  - {alert: B, when: level > 9, tier: ticket}\n";
        Files.writeString(file, whole);
        try (RuleWatch watch = watch(rules)) {
            awaitAlerts("A", "B");
            // What is there grows from look to look; without its last line it is valid, too, but would remove a rule.
            String half = whole.substring(0, whole.indexOf("  - {alert: B"));
            await().pollInterval(Duration.ofMillis(100))
                    .during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .until(() -> {
                        Files.writeString(file, half + "# ".repeat((int) (System.nanoTime() % 1_000)));
                        return log.updates.size() == 1;
                    });
            Files.writeString(file, whole.replace("level > 9", "level > 8"));
            await().atMost(PATIENCE).until(() -> log.updates.size() == 2);
            awaitAlerts("A", "B");
        }
    }

    @Test
    void kafkaThatComesBack_getsWhatWasRefusedBefore() throws IOException {
        Path rules = Files.createDirectories(directory.resolve("rules"));
        Files.writeString(rules.resolve("a.yaml"), RuleReloadTest.rules("A", 5));
        try (RuleWatch watch = watch(rules)) {
            awaitAlerts("A");
            log.away = true;
            Files.writeString(rules.resolve("a.yaml"), RuleReloadTest.rules("B", 5));
            await().atMost(PATIENCE).until(() -> last() == Result.FAILED);
            log.away = false;
            awaitAlerts("B");
        }
    }
}
