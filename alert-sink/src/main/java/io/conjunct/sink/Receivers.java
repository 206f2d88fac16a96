// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static java.util.Objects.requireNonNull;

import io.conjunct.alert.Alert;
import io.conjunct.sink.console.ConsoleSettings;
import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.receiver.ReceiverSettings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is told what, from {@code receivers.yaml}: receivers by name, routes of which the first that matches decides, who
 * stands in for pages, and the hosts that may be called. Holds the secrets; prints without them. At most {@value #MAX} receivers.
 */
public record Receivers(
        Map<String, ReceiverSettings> byName,
        List<Route> routes,
        Optional<Fallback> fallback,
        Hooks hooks,
        AllowedHosts allowedHosts) {
    static final int MAX = 64;

    public Receivers {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        routes = List.copyOf(routes);
        requireNonNull(hooks, "hooks");
        requireNonNull(allowedHosts, "allowedHosts");
        if (byName.isEmpty() || byName.size() > MAX) {
            throw new IllegalArgumentException("receivers: " + byName.size() + " (expected: 1 to " + MAX + ")");
        }
        if (!byName.keySet().containsAll(fallback.map(Fallback::to).orElse(List.of()))) {
            throw new IllegalArgumentException(
                    "fallback: " + fallback + " (expected: some of " + byName.keySet() + ")");
        }
        for (Route route : routes) {
            if (!byName.keySet().containsAll(route.to())) {
                throw new IllegalArgumentException(
                        "to: " + route.to() + " (expected: some of " + byName.keySet() + ")");
            }
        }
    }

    /** What holds without a file: every alert on the console, as JSON. */
    public static Receivers console() {
        return console(ConsoleSettings.Format.JSON);
    }

    /** Every alert on the console, in this form. */
    public static Receivers console(ConsoleSettings.Format format) {
        return new Receivers(
                Map.of("console", new ConsoleSettings(format)),
                List.of(new Route(Optional.empty(), Optional.empty(), Map.of(), List.of("console"))),
                Optional.empty(),
                Hooks.NONE,
                new AllowedHosts(List.of()));
    }

    /**
     * Reads the file, with secrets from the environment of this process.
     *
     * @throws ReceiversFileException with every mistake in it
     */
    public static Receivers load(Path file) throws ReceiversFileException {
        return load(file, System.getenv());
    }

    /** Reads the file, with secrets from this environment. */
    public static Receivers load(Path file, Map<String, String> environment) throws ReceiversFileException {
        return ReceiversFile.load(file, environment);
    }

    /** The receivers of the first route that matches; empty when none does. */
    List<String> receiversOf(Alert alert) {
        return routeOf(alert).map(Route::to).orElse(List.of());
    }

    /** The group of the alert on its route; empty when it is in none. */
    String groupOf(Alert alert) {
        return routeOf(alert).map(route -> route.groupOf(alert)).orElse("");
    }

    private Optional<Route> routeOf(Alert alert) {
        return routes.stream().filter(route -> route.matches(alert)).findFirst();
    }
}
