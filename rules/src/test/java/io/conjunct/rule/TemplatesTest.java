// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplatesTest {

    @Test
    void holes_areFilledFromLabels() {
        assertThat(Templates.fill("{{ cloud.region }}/{{zone}} is down", Map.of("cloud.region", "eu$1", "zone", "a")))
                .isEqualTo("eu$1/a is down");
    }

    @Test
    void missingLabel_isMarked() {
        assertThat(Templates.fill("down in {{ zone }}", Map.of())).isEqualTo("down in <no zone>");
    }

    @Test
    void otherBraces_areText() {
        assertThat(Templates.fill("{ zone } {{ }} {{ a b }}", Map.of("zone", "x")))
                .isEqualTo("{ zone } {{ }} {{ a b }}");
    }
}
