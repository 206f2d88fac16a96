// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import io.conjunct.engine.Decisions;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.LocalEngine;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatchBuilder;
import io.conjunct.event.Series;
import io.conjunct.rule.RuleSource;
import io.conjunct.sink.Alerts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

        assertThat(changes.before(Alerts.firing("checkout")))
                .contains("cart 1.4.2 is out, since 20:51 UTC, 12 min before");
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
        assertThat(changes.before(alert)).contains("checkout is out, since 21:02 UTC, 60 s before");
    }

    @Test
    void changeOfTheSameThing_goesBeforeALaterOneOfTheSameOwner() {
        changes.alert(AlertJson.write(Alerts.at(deploy("checkout", "checkout is out"), -120)));
        changes.alert(AlertJson.write(Alerts.at(deploy("cart", "cart is out"), -60)));
        assertThat(changes.before(Alerts.firing("checkout")))
                .contains("checkout is out, since 21:01 UTC, 2 min before");
    }

    /** The example file, through the engine: a page of another owner, about a service that has a new version. */
    @Test
    void exampleRule_tellsWhichVersionAServiceIsOn_andSinceWhen() throws Exception {
        LocalEngine engine = new LocalEngine(
                EngineSettings.of(Duration.ofSeconds(10)), RuleUpdate.Compiler.YAML, 1, 1, new Decisions() {
                    @Override
                    public void alert(Alert alert) {
                        changes.alert(AlertJson.write(alert));
                    }

                    @Override
                    public void tick(GroupTick tick) {}
                });
        Path rules = Path.of("..", "rules", "examples", "versions.yaml");
        long begin = Alerts.START.minus(Duration.ofMinutes(61)).toEpochMilli();
        engine.rules(new RuleUpdate("r1", begin, List.of(new RuleSource("versions.yaml", Files.readString(rules)))));
        for (int minute = -60; minute <= 0; minute++) {
            long end = Alerts.START.plus(Duration.ofMinutes(minute)).toEpochMilli();
            EventBatchBuilder batch = new EventBatchBuilder(10_000);
            Map<String, String> version = Map.of("service.version", minute < -12 ? "1.4.1" : "1.4.2");
            Map<String, String> attributes = new TreeMap<>(version);
            attributes.put(Series.SPAN_KIND, "server");
            batch.addSpan(batch.series(Series.span("checkout", "GET", attributes)), end - 1_000, 20_000_000);
            engine.batch(0, batch.build(new Header("a", 1, minute + 60, end, end, false)));
        }
        Alert page =
                Alerts.labelled(Alerts.ownedBy(Alerts.firing("checkout"), "sre"), Map.of("service.name", "checkout"));

        assertThat(changes.before(page)).contains("checkout is on 1.4.2, since 20:51 UTC, 12 min before");
        assertThat(Message.of(page.withAnnotation(
                                Message.CHANGE, changes.before(page).orElseThrow()))
                        .text())
                .contains("change    checkout is on 1.4.2, since 20:51 UTC, 12 min before");
    }
}
