// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import io.conjunct.sink.Alerts;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChangesTest {
    private final Changes changes = new Changes();

    private static Alert deploy(String service, String summary) {
        return Alerts.alert(service, State.FIRING, Tier.ANNOTATE, Map.of("summary", summary));
    }

    @Test
    void lastChangeOfTheOwner_isToldWithItsTime() {
        changes.alert(AlertJson.write(Alerts.at(deploy("cart", "cart 1.4.1 is out"), -1_800)));
        changes.alert(AlertJson.write(Alerts.at(deploy("cart", "cart 1.4.2 is out"), -720)));
        changes.alert(AlertJson.write(Alerts.at(deploy("cart", "cart 1.4.3 is out"), 60)));

        assertThat(changes.before(Alerts.firing("checkout"))).contains("cart 1.4.2 is out, 12 min before");
    }

    @Test
    void changeOfLongAgo_pages_andWhatIsNoAlert_areNoChange() {
        changes.alert(AlertJson.write(Alerts.at(deploy("cart", "cart 1.4.1 is out"), -3_700)));
        changes.alert(AlertJson.write(Alerts.at(Alerts.firing("cart"), -60)));
        changes.alert("nonsense");

        assertThat(changes.before(Alerts.firing("checkout"))).isEmpty();
    }

    @Test
    void changeOfAnotherOwner_countsWhenItsLabelsAreTheAlertsToo() {
        Alert alert = Alerts.firing("checkout");
        changes.alert(AlertJson.write(Alerts.ownedBy(Alerts.at(deploy("cart", "cart is out"), -60), "team-cart")));
        assertThat(changes.before(alert)).isEmpty();
        changes.alert(
                AlertJson.write(Alerts.ownedBy(Alerts.at(deploy("checkout", "checkout is out"), -60), "team-release")));
        assertThat(changes.before(alert)).contains("checkout is out, 60 s before");
    }
}
