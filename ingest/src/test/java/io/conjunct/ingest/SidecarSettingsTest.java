// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Settings say what is wrong with them and what would be right. */
class SidecarSettingsTest {
    private final SidecarSettings settings = SidecarSettings.of("broker:9092", "sidecar-1", Path.of("spool"));

    @Test
    void defaults_areThoseOfTheSpecification() {
        assertThat(settings.grpcPort()).isEqualTo(4317);
        assertThat(settings.httpPort()).isEqualTo(4318);
        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.eventsTopic()).isEqualTo("conjunct.events");
        assertThat(settings.maxHttpBodyBytes()).isEqualTo(64 * 1024 * 1024);
        assertThat(settings.maxGrpcMessageBytes()).isEqualTo(4 * 1024 * 1024);
    }

    @Test
    void wrongValues_areNamedWithWhatIsExpected() {
        assertThatThrownBy(() -> settings.withAddress("h", 70_000, 0))
                .hasMessage("grpcPort: 70000 (expected: 0 to 65535)");
        assertThatThrownBy(() -> settings.withAddress("h", 4318, 4318)).hasMessageContaining("httpPort: 4318");
        assertThatThrownBy(() -> settings.withTimes(Duration.ZERO, Duration.ZERO, Duration.ofMillis(1)))
                .hasMessage("tick: PT0S (expected: PT0.1S to PT1H)");
        assertThatThrownBy(() -> SidecarSettings.of("b", " ", Path.of("spool"))).hasMessageContaining("sidecarId");
    }
}
