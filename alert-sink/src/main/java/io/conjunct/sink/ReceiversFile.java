// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Tier;
import io.conjunct.check.Place;
import io.conjunct.sink.alertmanager.AlertmanagerSettings;
import io.conjunct.sink.console.ConsoleSettings;
import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.pagerduty.PagerDutySettings;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.conjunct.sink.receiver.Secret;
import io.conjunct.sink.slack.SlackSettings;
import io.conjunct.sink.webhook.WebhookSettings;
import io.conjunct.sink.yaml.Document;
import io.conjunct.sink.yaml.Problems;
import io.conjunct.sink.yaml.SecretSource;
import io.conjunct.sink.yaml.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code receivers.yaml}: {@code receivers}, {@code routes}, {@code fallback}, {@code hooks}, {@code allow_hosts}.
 * At most {@value #MAX_SIZE} bytes of UTF-8 and {@value #MAX_ROUTES} routes. A receiver in no route is a problem: its owner believes to be told.
 */
final class ReceiversFile {
    private static final int MAX_SIZE = 1 << 20;
    private static final int MAX_ROUTES = 1_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,4})([sm])");

    /** A kind of receiver: how its section is read. */
    private interface Kind {
        Optional<ReceiverSettings> read(Section section, AllowedHosts hosts);
    }

    /** Every kind of receiver there is. */
    private static final Map<String, Kind> KINDS = new TreeMap<>(Map.of(
            "alertmanager", AlertmanagerSettings::read,
            "console", ConsoleSettings::read,
            "webhook", WebhookSettings::read,
            "slack", SlackSettings::read,
            "pagerduty", PagerDutySettings::read));

    private final Problems problems;

    private ReceiversFile(Problems problems) {
        this.problems = problems;
    }

    static Receivers load(Path file, Map<String, String> environment) throws ReceiversFileException {
        String text;
        try {
            if (Files.size(file) > MAX_SIZE) {
                throw new ReceiversFileException(
                        List.of("error[receivers/size] " + file + ": larger than " + MAX_SIZE + " bytes"));
            }
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ReceiversFileException(
                    List.of("error[receivers/unreadable] " + file + ": cannot be read as UTF-8; check its path"));
        }
        Path directory = file.toAbsolutePath().getParent();
        SecretSource secrets = new SecretSource(environment, directory == null ? Path.of("") : directory);
        Problems problems = new Problems(file.toString());
        Optional<Section> top = Document.read(text, problems, secrets);
        Optional<Receivers> receivers =
                top.isPresent() ? new ReceiversFile(problems).read(top.get()) : Optional.empty();
        return receivers.orElseThrow(() -> new ReceiversFileException(problems.lines()));
    }

    private Optional<Receivers> read(Section top) {
        AllowedHosts hosts = new HostsReader(problems, KINDS.keySet()).read(top);
        Set<String> names = new TreeSet<>();
        Map<String, ReceiverSettings> byName = receivers(top, hosts, names);
        Optional<Fallback> fallback = top.section("fallback").flatMap(section -> fallback(section, names));
        List<Route> routes = routes(top, names, fallback);
        Hooks hooks = top.section("hooks").map(ReceiversFile::hooks).orElse(Hooks.NONE);
        top.finish();
        return problems.isEmpty()
                ? Optional.of(new Receivers(byName, routes, fallback, hooks, hosts))
                : Optional.empty();
    }

    /** Also adds every name that stands in the file, so that a route to a faulty receiver is not a second problem. */
    private Map<String, ReceiverSettings> receivers(Section top, AllowedHosts hosts, Set<String> names) {
        Map<String, ReceiverSettings> byName = new LinkedHashMap<>();
        Optional<Section> all = top.section("receivers");
        if (all.isEmpty() || all.get().keys().isEmpty() || all.get().keys().size() > Receivers.MAX) {
            problems.add(
                    top.place("receivers"),
                    "receivers/missing-key",
                    "receivers: expected 1 to " + Receivers.MAX + ", such as `out: {console: {}}`");
            return byName;
        }
        for (String name : all.get().keys()) {
            names.add(name);
            if (!NAME.matcher(name).matches()) {
                problems.add(
                        all.get().keyPlace(name),
                        "receivers/name",
                        "a receiver's name has 1 to 63 letters, digits, dots, dashes and underscores");
            }
            all.get()
                    .section(name)
                    .flatMap(section -> receiver(name, section, hosts))
                    .ifPresent(settings -> byName.put(name, settings));
        }
        return byName;
    }

    private Optional<ReceiverSettings> receiver(String name, Section section, AllowedHosts hosts) {
        if (section.keys().size() != 1) {
            problems.add(
                    section.place(),
                    "receivers/kind",
                    name + ": expected one of " + String.join(", ", KINDS.keySet()) + ", found "
                            + section.keys().size());
            return Optional.empty();
        }
        String word = section.keys().get(0);
        Kind kind = KINDS.get(word);
        if (kind == null) {
            section.unknown(section.keyPlace(word), "kind", word, KINDS.keySet());
            return Optional.empty();
        }
        return section.section(word).flatMap(settings -> {
            Optional<ReceiverSettings> read = kind.read(settings, hosts.of(word));
            settings.finish();
            return read;
        });
    }

    private List<Route> routes(Section top, Set<String> names, Optional<Fallback> fallback) {
        List<Route> routes = new ArrayList<>();
        List<Section> sections = top.sections("routes");
        if (sections.isEmpty() || sections.size() > MAX_ROUTES) {
            problems.add(
                    top.place("routes"),
                    "receivers/missing-key",
                    "routes: expected 1 to " + MAX_ROUTES + ", such as `- {to: [NAME]}`");
            return routes;
        }
        Set<String> unused = new TreeSet<>(names);
        fallback.ifPresent(standIn -> unused.removeAll(standIn.to()));
        for (Section section : sections) {
            Optional<Tier> tier = section.choice("tier", List.of("page", "ticket", "annotate"))
                    .map(Tier::of);
            Optional<String> owner = section.text("owner");
            Map<String, String> labels =
                    section.section("labels").map(this::labels).orElse(Map.of());
            Map<String, Place> to = section.texts("to");
            List<String> groupBy = List.copyOf(section.texts("group_by").keySet());
            section.finish();
            if (groupBy.size() > Route.MAX_GROUP_BY) {
                section.problem(
                        "group_by", "receivers/value", "group_by: expected at most " + Route.MAX_GROUP_BY + " labels");
            } else if (to.isEmpty()) {
                problems.add(section.place(), "receivers/missing-key", "to: expected a list of receivers");
            } else if (known(section, to, names)) {
                routes.add(new Route(tier, owner, labels, List.copyOf(to.keySet()), groupBy));
            }
            unused.removeAll(to.keySet());
        }
        for (String name : unused) {
            problems.add(
                    top.section("receivers").map(all -> all.keyPlace(name)).orElse(top.place()),
                    "receivers/unused",
                    name + ": no route leads here; add it to a route or delete it");
        }
        return routes;
    }

    private static Hooks hooks(Section section) {
        Optional<Secret> slack = secret(section, "slack", "signing_secret");
        Optional<Secret> pagerDuty = secret(section, "pagerduty", "secret");
        section.finish();
        return new Hooks(slack, pagerDuty);
    }

    private static Optional<Secret> secret(Section section, String provider, String key) {
        return section.section(provider).flatMap(below -> {
            Optional<Secret> secret = below.requiredSecret(key);
            below.finish();
            return secret;
        });
    }

    private Optional<Fallback> fallback(Section section, Set<String> names) {
        Optional<String> after = section.text("after");
        Map<String, Place> to = section.texts("to");
        section.finish();
        Matcher words = DURATION.matcher(after.orElse(""));
        Duration time = words.matches()
                ? Duration.ofSeconds(
                        Long.parseLong(words.group(1)) * (words.group(2).equals("m") ? 60 : 1))
                : Duration.ZERO;
        if (time.compareTo(Fallback.SHORTEST) < 0 || time.compareTo(Fallback.LONGEST) > 0) {
            section.problem("after", "receivers/value", "after: expected 10s to 5m, such as 60s");
            return Optional.empty();
        }
        if (to.isEmpty()) {
            problems.add(section.place(), "receivers/missing-key", "to: expected a list of receivers");
            return Optional.empty();
        }
        return known(section, to, names) ? Optional.of(new Fallback(time, List.copyOf(to.keySet()))) : Optional.empty();
    }

    private boolean known(Section section, Map<String, Place> to, Set<String> names) {
        boolean known = true;
        for (Map.Entry<String, Place> name : to.entrySet()) {
            if (!names.contains(name.getKey())) {
                section.unknown(name.getValue(), "receiver", name.getKey(), names);
                known = false;
            }
        }
        return known;
    }

    private Map<String, String> labels(Section section) {
        Map<String, String> labels = new TreeMap<>();
        for (String key : section.keys()) {
            section.text(key).ifPresent(value -> labels.put(key, value));
        }
        return labels;
    }
}
