// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.backtest.Incident;
import io.conjunct.cli.alertmanager.RecordedEvents.Losses;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.TrackRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A fleet of four alerts as two peers recorded it: what is counted is what was made. */
final class RecordedEventsTest {
    private static final long START = Instant.parse("2026-10-20T00:00:00Z").toEpochMilli();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long END = START + 27 * 24 * HOUR;
    private static final Cost COST = Cost.in(ZoneOffset.UTC);
    private static final List<String> NAMES = List.of("HighLatency", "DiskFull", "PodRestarts", "Watchdog");

    private final List<String> lines = new ArrayList<>();
    private final List<Incident> incidents = new ArrayList<>();
    private final Map<String, Integer> pages = new HashMap<>();
    private final Map<String, Integer> real = new HashMap<>();
    private long flush;

    private static String alert(String name, long start, boolean resolved) {
        return """
                {"fingerprint":"%d","name":"%s","labels":{"labels":[{"key":"alertname","value":"%s"},\
                {"key":"team","value":"sre"},{"key":"region","value":"eu"}]},"startsAt":"%s","endsAt":"%s","resolved":%s}""".formatted(
                        name.hashCode() & 0xffffffffL,
                        name,
                        name,
                        Instant.ofEpochMilli(start),
                        Instant.ofEpochMilli(start + HOUR / 4),
                        resolved);
    }

    private void event(String instance, long at, String data) {
        lines.add("{\"@timestamp\":\"" + Instant.ofEpochMilli(at) + "\",\"instance\":\"" + instance + "\",\"data\":{"
                + data + "}}");
    }

    private void notification(String instance, String name, long start, long at, String reason, String receiver) {
        boolean resolved = reason.endsWith("RESOLVED");
        String hash = Long.toString(name.hashCode() + 7L);
        event(instance, at, """
                "notification":{"alerts":[{"hash":"%s","details":%s}],"%s":[{"hash":"%s"}],\
                "groupInfo":{"groupKey":"{}:{x}","receiverName":"%s","groupUuid":"%s"},"reason":"NOTIFY_REASON_%s",\
                "flushId":"%d","integration":{"name":"pagerduty"}}""".formatted(
                        hash,
                        alert(name, start, resolved),
                        resolved ? "resolvedAlerts" : "firingAlerts",
                        hash,
                        receiver,
                        name + start,
                        reason,
                        ++flush));
    }

    /** An alert's life in five events, told by one peer and created at both. */
    private void life(String name, long start, boolean incident) {
        event("am-0", start + 100, "\"alertCreated\":{\"alert\":" + alert(name, start, false) + "}");
        event("am-1", start + 200, "\"alertCreated\":{\"alert\":" + alert(name, start, false) + "}");
        notification(
                "am-0", name, start, start + 30_000, "FIRST_NOTIFICATION", name.equals("Watchdog") ? "null" : "pager");
        notification(
                "am-0",
                name,
                start,
                start + 600_000,
                "REPEAT_INTERVAL_ELAPSED",
                name.equals("Watchdog") ? "null" : "pager");
        notification("am-0", name, start, start + HOUR / 4, "ALL_ALERTS_RESOLVED", "pager");
        pages.merge(name, name.equals("Watchdog") ? 0 : 1, Integer::sum);
        if (incident) {
            incidents.add(new Incident(
                    "INC-" + incidents.size(), start - 60_000, start + HOUR, "", new TreeMap<>(), "", List.of()));
            real.merge(name, 1, Integer::sum);
        }
    }

    private void fleet() {
        Random random = new Random(5);
        event("am-0", START, "\"alertmanagerStartupEvent\":{\"version\":\"0.33.0\"}");
        for (int i = 0; lines.size() < 1_000; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            life(name, START + (i + 1) * 3 * HOUR, !name.equals("Watchdog") && random.nextInt(3) == 0);
        }
        incidents.add(
                new Incident("INC-quiet", END - HOUR, END - HOUR / 2, "", new TreeMap<>(), "", List.of("HighLatency")));
    }

    private static RecordedEvents read(List<String> lines) {
        RecordedEvents events = new RecordedEvents("pager"::equals);
        lines.forEach(events::take);
        return events;
    }

    @Test
    void thousandEvents_areCountedAsTheyWereMade() {
        fleet();
        assertThat(lines).hasSizeBetween(1_000, 1_005);
        Collections.shuffle(lines, new Random(1));
        RecordedEvents events = read(lines);
        Ledger ledger = events.ledger(incidents, COST);

        for (String name : List.of("HighLatency", "DiskFull", "PodRestarts")) {
            TrackRecord record = ledger.record(name, END, 28);
            assertThat(record.pages()).as(name).isEqualTo(pages.get(name)).isGreaterThan(20);
            assertThat(record.incidents()).as(name).isEqualTo(real.get(name));
            assertThat(record.noise()).isEqualTo(record.pages() - record.incidents());
            assertThat(record.owner()).isEqualTo("sre");
            assertThat(record.toEnd().medianSeconds()).isEqualTo(900 - 30);
        }
        assertThat(ledger.record("HighLatency", END, 28).missed()).isEqualTo(1);
        assertThat(ledger.rules()).doesNotContain("Watchdog");
        assertThat(events.losses()).isEqualTo(new Losses(0, 0, 0, 0, 0));
    }

    @Test
    void eventsThatTheRecorderDropped_areNoticed() {
        fleet();
        List<String> kept = new ArrayList<>(lines);
        // The third life is known by its end alone, the fifth lost its first notification.
        kept.removeIf(line -> line.contains("alertCreated")
                && line.contains(Instant.ofEpochMilli(START + 9 * HOUR).toString()));
        kept.removeIf(line -> line.contains("FIRST_NOTIFICATION")
                && line.contains("\"startsAt\":\"" + Instant.ofEpochMilli(START + 15 * HOUR)));
        assertThat(kept).hasSize(lines.size() - 3);
        kept.add("\u0008\u0001binary");

        Losses losses = read(kept).losses();
        assertThat(losses.creations()).isEqualTo(1);
        assertThat(losses.firstNotifications()).isEqualTo(1);
        assertThat(losses.unreadable()).isEqualTo(1);
    }

    @Test
    void laterForm_withFingerprintsAndLabelsAsAnObject_isRead() {
        String alert = "{\"fingerprint\":\"42\",\"name\":\"A\",\"labels\":{\"alertname\":\"A\",\"region\":\"eu\"},"
                + "\"startsAt\":\"2026-10-21T00:00:00Z\"}";
        event("am-0", START, "\"alertCreated\":{\"alert\":" + alert + "}");
        event(
                "am-0",
                START + 1_000,
                "\"notification\":{\"alerts\":[" + alert
                        + "],\"firingAlerts\":[\"42\"],\"groupInfo\":{\"groupUuid\":\"g\","
                        + "\"receiverName\":\"pager\"},\"reason\":\"NOTIFY_REASON_FIRST_NOTIFICATION\",\"flushId\":\"1\"}");
        event(
                "am-0",
                START + 2_000,
                "\"notification\":{\"alerts\":[" + alert
                        + "],\"firingAlerts\":[\"42\"],\"groupInfo\":{\"groupUuid\":\"g\","
                        + "\"receiverName\":\"pager\"},\"reason\":\"NOTIFY_REASON_NEW_ALERTS_IN_GROUP\",\"flushId\":\"5\"}");

        RecordedEvents events = read(lines);
        assertThat(events.ledger(List.of(), COST).pages())
                .singleElement()
                .satisfies(page -> assertThat(page.alert()).isEqualTo("A{region=eu}"));
        assertThat(events.losses().flushes()).isEqualTo(3);
    }
}
