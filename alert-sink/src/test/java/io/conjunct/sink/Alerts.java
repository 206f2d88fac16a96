// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Leg;
import io.conjunct.alert.Tier;
import io.conjunct.alert.Truth;
import io.conjunct.event.Exemplar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Alerts to test with. */
public final class Alerts {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static final Instant START = Instant.parse("2026-11-20T21:03:10Z");

    private Alerts() {}

    /** A clock at which the alert of {@link #firing} is news. */
    static ManualClock clock() {
        ManualClock clock = new ManualClock();
        clock.advance(Duration.between(clock.instant(), START.plusSeconds(125)));
        return clock;
    }

    /** A page about one service. */
    public static Alert firing(String service) {
        return alert(service, State.FIRING, Tier.PAGE);
    }

    public static Alert resolved(String service) {
        return alert(service, State.RESOLVED, Tier.PAGE);
    }

    public static Alert alert(String service, State state, Tier tier) {
        return alert(
                service,
                state,
                tier,
                Map.of(
                        "summary", "Checkout is slow because its cache is cold",
                        "runbook_url", "https://runbooks.example.com/checkout-cache"));
    }

    public static Alert alert(String service, State state, Tier tier, Map<String, String> annotations) {
        TreeMap<String, String> labels = new TreeMap<>(Map.of("region", "eu-1", "service", service));
        boolean holds = state != State.RESOLVED;
        long end = START.plusSeconds(750).toEpochMilli();
        return new Alert(
                "checkout-cache",
                "checkout",
                state,
                tier,
                labels,
                holds ? START.plusSeconds(120).toEpochMilli() : end,
                START.toEpochMilli(),
                holds ? OptionalLong.empty() : OptionalLong.of(end),
                List.of(
                        new Leg(
                                "hit_p99 > 1000ms",
                                Truth.of(holds),
                                holds ? 1.4213 : 0.0812,
                                1,
                                "s",
                                1_204,
                                300_000,
                                new TreeMap<>()),
                        new Leg(
                                "miss_ratio > 5%",
                                Truth.of(holds),
                                holds ? 0.92137 : 0.012,
                                0.05,
                                "ratio",
                                15_377,
                                300_000,
                                new TreeMap<>(Map.of("cache", "cart")))),
                Alert.episode("checkout-cache", labels, START.toEpochMilli()),
                "team-checkout",
                new TreeMap<>(annotations),
                "",
                false,
                "4f1c2ab",
                "0c5dd1c3a2b46e71",
                List.of(
                        new Exemplar("4bf92f3577b34da6a3ce929d0e0e4736", START.toEpochMilli(), 1_873_000_000L, false),
                        new Exemplar("00f067aa0ba902b7a3ce929d0e0e4736", START.toEpochMilli(), 12_400_000L, true)),
                Optional.empty(),
                false);
    }

    /** The n-th life of one alert, an hour after the one before. */
    public static Alert episode(String service, int n, State state) {
        Alert like = alert(service, state, Tier.PAGE);
        long start = like.startsAtMillis() + n * 3_600_000L;
        boolean over = state == State.RESOLVED;
        return edited(like, node -> {
            node.put("at", text(start + (over ? 60_000 : 10_000)));
            node.put("starts_at", text(start));
            if (over) {
                node.put("ends_at", text(start + 60_000));
            }
            node.put("key", Alert.episode(like.name(), like.labels(), start));
            node.putArray("exemplars");
        });
    }

    public static Alert shadow(Alert alert) {
        return edited(alert, node -> node.put("shadow", true));
    }

    /** The same alert so many seconds later. */
    public static Alert at(Alert alert, long seconds) {
        return edited(
                alert,
                node -> node.put("at", text(alert.atMillis() + seconds * 1_000))
                        .put("starts_at", text(alert.startsAtMillis() + seconds * 1_000)));
    }

    /** The same alert of another owner. */
    public static Alert ownedBy(Alert alert, String owner) {
        return edited(alert, node -> node.put("owner", owner));
    }

    /** The same alert with these labels more. */
    public static Alert labelled(Alert alert, Map<String, String> more) {
        return edited(alert, node -> more.forEach(node.withObject("/labels")::put));
    }

    private static Alert edited(Alert alert, Consumer<ObjectNode> edit) {
        try {
            ObjectNode node = (ObjectNode) JSON.readTree(AlertJson.write(alert));
            edit.accept(node);
            return AlertJson.read(node.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
