// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class EnvironmentDefaultsTest {
    @Test
    void environment_givesWayToTheCommandLine() {
        EngineOptions engine = parse(Map.of("CONJUNCT_TICK", "1s", "CONJUNCT_IDLE_TIMEOUT", "1m"), "--tick=5s");
        assertThat(engine.tick.get()).isEqualTo(Duration.ofSeconds(5));
        assertThat(engine.idleTimeout.get()).isEqualTo(Duration.ofMinutes(1));
        assertThat(engine.allowedLateness.get()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void environment_empty_countsAsUnset() {
        assertThat(parse(Map.of("CONJUNCT_TICK", "")).tick.get()).isEqualTo(Duration.ofSeconds(10));
    }

    private static EngineOptions parse(Map<String, String> environment, String... arguments) {
        EngineOptions engine = new EngineOptions();
        CommandSpec command = CommandSpec.create();
        engine.addTo(command);
        CommandLine line = new CommandLine(command);
        line.setDefaultValueProvider(new EnvironmentDefaults(environment));
        line.parseArgs(arguments);
        return engine;
    }
}
