// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.alert.Alert.State;
import io.conjunct.event.Exemplar;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AlertJsonTest {
    private static final Alert ALERT = new Alert(
            "Slow",
            "reads",
            State.RESOLVED,
            Tier.TICKET,
            new TreeMap<>(Map.of("region", "eu")),
            1_790_000_000_000L,
            1_789_999_000_000L,
            OptionalLong.of(1_790_000_000_000L),
            List.of(new Leg("p99 > 1s", Truth.UNKNOWN, Double.NaN, 1, "s", 3, 10_000, new TreeMap<>())),
            "v1:00",
            "team",
            new TreeMap<>(Map.of("summary", "Reads are \"slow\"")),
            "rule removed",
            true,
            "4f1c2ab",
            "0c5dd1c3a2b46e71",
            List.of(new Exemplar("2bbd2c130f13d1e03754c33e09ba63bf", 1_789_999_000_000L, 5, true)),
            Optional.empty(),
            false);

    @Test
    void alert_readAgain_isTheSame() throws Exception {
        assertThat(AlertJson.read(AlertJson.write(ALERT))).isEqualTo(ALERT);
    }

    @Test
    void alertOfAnEarlierRelease_hasNoRuleRevision() throws Exception {
        String earlier = AlertJson.write(ALERT).replace("\"rule_revision\":\"0c5dd1c3a2b46e71\",", "");
        assertThat(earlier).doesNotContain("rule_revision");
        assertThat(AlertJson.read(earlier).ruleRevision()).isEmpty();
        assertThat(AlertJson.read(earlier).revision()).isEqualTo("4f1c2ab");
    }

    @Test
    void somethingElse_isRefused() {
        assertThatThrownBy(() -> AlertJson.read("{}")).isInstanceOf(IOException.class);
    }
}
