// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class EnvironmentDefaultsTest {
    @Test
    void environment_givesWayToTheCommandLine() {
        EngineOptions engine = parse(Map.of("CONJUNCT_TICK", "1s", "CONJUNCT_IDLE_TIMEOUT", "1m"), "--tick=5s");
        assertThat(engine.tick).isEqualTo(Duration.ofSeconds(5));
        assertThat(engine.idleTimeout).isEqualTo(Duration.ofMinutes(1));
        assertThat(engine.allowedLateness).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void environment_empty_countsAsUnset() {
        assertThat(parse(Map.of("CONJUNCT_TICK", "")).tick).isEqualTo(Duration.ofSeconds(10));
    }

    private static EngineOptions parse(Map<String, String> environment, String... arguments) {
        EngineOptions engine = new EngineOptions();
        CommandLine line = new CommandLine(CommandLine.Model.CommandSpec.create()
                .addMixin("engine", CommandLine.Model.CommandSpec.forAnnotatedObject(engine)));
        line.setDefaultValueProvider(new EnvironmentDefaults(environment));
        line.parseArgs(arguments);
        return engine;
    }
}
