// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.alertmanager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.backtest.Incident;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.MissedIncident;
import io.conjunct.record.Page;
import io.conjunct.record.Verdict;
import io.conjunct.record.Verdict.Kind;
import io.conjunct.record.Verdict.Source;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The events of Alertmanager's event recorder (0.33 and later, JSON), in any order, from all peers of a cluster: one page is
 * one alert from one {@code startsAt}, told by any of them. Labels may be written as pairs or as an object, an alert be
 * named by hash or by fingerprint. At most {@value #MAX} episodes are kept; further ones are counted.
 *
 * <p>The recorder drops what it has no room for. Surely lost is what a kept event presupposes: the creation of an alert that
 * was notified or resolved after the record began, and the first notification of a group. Flush numbers that are not there
 * are counted apart, for a flush with nothing to say leaves no event either; of the first {@value #MAX_FLUSHES}.
 *
 * @see <a href="https://github.com/prometheus/alertmanager/tree/main/eventrecorder">the recorder</a>
 */
public final class RecordedEvents {
    static final int MAX = 200_000;
    private static final int MAX_FLUSHES = 2_000_000;

    private static final long BEFORE = Duration.ofMinutes(10).toMillis();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One life of one alert. */
    private static final class Life {
        SortedMap<String, String> labels = new TreeMap<>();
        boolean created;
        OptionalLong told = OptionalLong.empty();
        OptionalLong end = OptionalLong.empty();
    }

    /** One aggregation group of one Alertmanager. */
    private static final class Group {
        final Set<Long> flushes = new HashSet<>();
        long oldestStart = Long.MAX_VALUE;
        boolean first;
    }

    private record Key(String fingerprint, long startMillis) {}

    /** What is known of the completeness of a record. */
    public record Losses(int creations, int firstNotifications, long flushes, int unreadable, int beyondTheLimit) {}

    private final Predicate<String> receivers;
    private final Map<Key, Life> lives = new LinkedHashMap<>();
    private final Map<String, Group> groups = new HashMap<>();
    private int keptFlushes;
    private long firstMillis = Long.MAX_VALUE;
    private int unreadable;
    private int beyond;

    /** @param receivers whose notifications wake people */
    public RecordedEvents(Predicate<String> receivers) {
        this.receivers = receivers;
    }

    /** Takes one line or record. */
    public void take(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            JsonNode data = event.path("data");
            long at = Instant.parse(event.path("@timestamp").asText()).toEpochMilli();
            firstMillis = Math.min(firstMillis, at);
            if (data.has("alertCreated")) {
                life(data.path("alertCreated").path("alert")).ifPresent(life -> life.created = true);
            } else if (data.has("alertGrouped")) {
                life(data.path("alertGrouped").path("alert"));
            } else if (data.has("alertResolved")) {
                JsonNode alert = data.path("alertResolved").path("alert");
                life(alert).ifPresent(life -> life.end = ended(details(alert), at));
            } else if (data.has("notification")) {
                notification(data.path("notification"), event.path("instance").asText(), at);
            }
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
            unreadable++;
        }
    }

    private void notification(JsonNode notification, String instance, long at) {
        JsonNode group = notification.path("groupInfo");
        String name = instance + " "
                + group.path("groupUuid").asText(group.path("groupKey").asText());
        Group known = groups.computeIfAbsent(name, unused -> new Group());
        if (keptFlushes < MAX_FLUSHES
                && known.flushes.add(notification.path("flushId").asLong())) {
            keptFlushes++;
        }
        known.first |= notification.path("reason").asText().equals("NOTIFY_REASON_FIRST_NOTIFICATION");
        Set<String> firing = ids(notification.path("firingAlerts"));
        for (JsonNode alert : notification.path("alerts")) {
            Optional<Life> life = life(alert);
            if (life.isEmpty()) {
                continue;
            }
            known.oldestStart = Math.min(
                    known.oldestStart,
                    Instant.parse(details(alert).path("startsAt").asText()).toEpochMilli());
            if (details(alert).path("resolved").asBoolean()) {
                life.get().end = ended(details(alert), at);
            }
            boolean fires = firing.isEmpty() ? !details(alert).path("resolved").asBoolean() : fires(firing, alert);
            if (fires && receivers.test(group.path("receiverName").asText())) {
                life.get().told = OptionalLong.of(Math.min(life.get().told.orElse(at), at));
            }
        }
    }

    private static boolean fires(Set<String> firing, JsonNode alert) {
        return ids(JSON.createArrayNode().add(alert)).stream().anyMatch(firing::contains);
    }

    /** Hash, fingerprint, or the bare number. */
    private static Set<String> ids(JsonNode alerts) {
        Set<String> ids = new HashSet<>();
        for (JsonNode alert : alerts) {
            if (alert.isValueNode()) {
                ids.add(alert.asText());
            }
            for (JsonNode id :
                    List.of(alert.path("hash"), alert.path("fingerprint"), alert.at("/details/fingerprint"))) {
                if (!id.isMissingNode()) {
                    ids.add(id.asText());
                }
            }
        }
        return ids;
    }

    private static JsonNode details(JsonNode alert) {
        return alert.has("details") ? alert.path("details") : alert;
    }

    private static OptionalLong ended(JsonNode alert, long at) {
        String end = alert.path("endsAt").asText();
        return OptionalLong.of(
                end.isEmpty() ? at : Math.min(at, Instant.parse(end).toEpochMilli()));
    }

    private Optional<Life> life(JsonNode grouped) {
        JsonNode alert = details(grouped);
        String fingerprint = alert.path("fingerprint").asText();
        if (fingerprint.isEmpty() || alert.path("startsAt").asText().isEmpty()) {
            throw new IllegalArgumentException("an alert without fingerprint or startsAt");
        }
        Key key = new Key(
                fingerprint, Instant.parse(alert.path("startsAt").asText()).toEpochMilli());
        Life life = lives.get(key);
        if (life == null) {
            if (lives.size() >= MAX) {
                beyond++;
                return Optional.empty();
            }
            life = new Life();
            lives.put(key, life);
        }
        labels(alert.path("labels"), life.labels);
        life.labels.putIfAbsent("alertname", alert.path("name").asText());
        return Optional.of(life);
    }

    private static void labels(JsonNode node, SortedMap<String, String> labels) {
        if (node.path("labels").isArray()) {
            node.path("labels")
                    .forEach(pair -> labels.put(
                            pair.path("key").asText(), pair.path("value").asText()));
        } else {
            node.properties()
                    .forEach(member ->
                            labels.put(member.getKey(), member.getValue().asText()));
        }
    }

    /**
     * Pages, judged by incidents people wrote down: a page between ten minutes before the incident and its end, whose
     * labels do not contradict, told of it; the others were noise.
     *
     * @param incidents without any, nothing is judged
     */
    public Ledger ledger(List<Incident> incidents, Cost cost) {
        List<Page> pages = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        Set<String> told = new HashSet<>();
        lives.forEach((key, life) -> {
            if (life.told.isEmpty()) {
                return;
            }
            long at = life.told.getAsLong();
            String episode = key.fingerprint() + "@" + Instant.ofEpochMilli(key.startMillis());
            Optional<Incident> about = incidents.stream()
                    .filter(incident -> at >= incident.startMillis() - BEFORE
                            && at <= incident.endMillis()
                            && incident.fits(life.labels))
                    .findFirst();
            about.ifPresent(incident -> told.add(incident.id()));
            pages.add(page(key, life, episode, at, about.map(Incident::id)));
            if (!incidents.isEmpty()) {
                Kind kind = about.isPresent() ? Kind.INCIDENT : Kind.NOISE;
                verdicts.add(Verdict.said(episode, kind, "", "incident file", at, Source.COMMAND));
            }
        });
        List<MissedIncident> missed = new ArrayList<>();
        for (Incident incident : incidents) {
            if (!told.contains(incident.id())) {
                List<String> rules = incident.rules().isEmpty() ? List.of("") : incident.rules();
                rules.forEach(rule -> missed.add(new MissedIncident(incident.id(), rule, incident.startMillis())));
            }
        }
        return new Ledger(pages, verdicts, missed, List.of(), cost);
    }

    private static Page page(Key key, Life life, String episode, long at, Optional<String> incident) {
        SortedMap<String, String> labels = new TreeMap<>(life.labels);
        String name = labels.remove("alertname");
        return new Page(
                episode,
                name + labels,
                name == null ? "" : name,
                "",
                labels.getOrDefault("owner", labels.getOrDefault("team", "")),
                true,
                key.startMillis(),
                at,
                OptionalLong.empty(),
                life.end,
                1,
                incident);
    }

    /** What is missing, as far as what is there tells. */
    public Losses losses() {
        int creations = 0;
        for (Map.Entry<Key, Life> each : lives.entrySet()) {
            boolean duringTheRecord = each.getKey().startMillis() > firstMillis;
            creations += duringTheRecord && !each.getValue().created ? 1 : 0;
        }
        long missing = 0;
        int firsts = 0;
        for (Group group : groups.values()) {
            long low = group.flushes.stream().mapToLong(Long::longValue).min().orElse(0);
            long high = group.flushes.stream().mapToLong(Long::longValue).max().orElse(-1);
            missing += high - low + 1 - group.flushes.size();
            firsts += group.oldestStart > firstMillis && group.oldestStart < Long.MAX_VALUE && !group.first ? 1 : 0;
        }
        return new Losses(creations, firsts, missing, unreadable, beyond);
    }
}
