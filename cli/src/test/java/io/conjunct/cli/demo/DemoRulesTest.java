// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoRulesTest {
    @Test
    void file_isCleanAndSaysWhatTheStoryTells(@TempDir Path directory) throws IOException {
        Path file = DemoRules.write(directory);
        Loaded loaded = RuleLoader.fromDirectory(directory);
        assertThat(loaded.diagnostics()).isEmpty();
        assertThat(Files.readString(file))
                .contains("when: read_p99 > 300ms AND hit_ratio > 80%", "for: 8s")
                .contains(DemoRules.LATENCY + ":", DemoRules.HIT_RATIO + ":");
        assertThat(DemoRules.LATENCY_ABOVE_SECONDS).isEqualTo(0.3);
        assertThat(DemoRules.HIT_RATIO_ABOVE).isEqualTo(0.8);
        assertThat(DemoRules.FOR).hasSeconds(8);
    }
}
