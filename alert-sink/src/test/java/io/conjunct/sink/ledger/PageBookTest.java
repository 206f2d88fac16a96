// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.LedgerJson;
import io.conjunct.record.MissedIncident;
import io.conjunct.record.Observation;
import io.conjunct.record.Observation.What;
import io.conjunct.record.StatementJson;
import io.conjunct.record.TrackRecord;
import io.conjunct.record.Verdict;
import io.conjunct.sink.Alerts;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PageBookTest {
    private static final Cost COST = Cost.in(ZoneId.of("UTC"));
    private static final long END = Alerts.START.plus(Duration.ofDays(2)).toEpochMilli();

    private interface Line {
        void into(PageBook book);
    }

    private static String delivered(Alert alert, String receiver, long atMillis) {
        return "{\"receiver\":\"" + receiver + "\",\"key\":\"" + alert.episode()
                + "\",\"stage\":\"triggered\",\"at\":\"" + Instant.ofEpochMilli(atMillis) + "\"}";
    }

    /** Nine pages, each an hour after the other: seven incidents, two of them noise. */
    private static List<Line> story() {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            Alert firing = Alerts.episode("checkout", i, State.FIRING);
            Alert resolved = Alerts.episode("checkout", i, State.RESOLVED);
            long sent = firing.atMillis() + 2_000;
            lines.add(book -> book.alert(AlertJson.write(firing)));
            lines.add(book -> book.alert(AlertJson.write(resolved)));
            lines.add(book -> book.delivery(delivered(firing, "oncall", sent)));
            lines.add(book -> book.delivery(delivered(firing, "team", sent + 5_000)));
            lines.add(book -> book.said(StatementJson.write(
                    new Observation(firing.episode(), What.ACKNOWLEDGED, "", "ada", sent + 30_000))));
            Verdict.Kind kind = i < 2 ? Verdict.Kind.NOISE : Verdict.Kind.INCIDENT;
            lines.add(book -> book.said(
                    StatementJson.write(Verdict.said(firing.episode(), kind, "", "ada", END, Verdict.Source.SLACK))));
        }
        lines.add(book -> book.alert(AlertJson.write(Alerts.shadow(Alerts.episode("docs", 0, State.FIRING)))));
        lines.add(book -> book.said(StatementJson.write(new MissedIncident("INC-7", "checkout-cache", END - 1))));
        return lines;
    }

    private static Ledger read(List<Line> lines) {
        PageBook book = new PageBook();
        lines.forEach(line -> line.into(book));
        return book.ledger(COST);
    }

    @Test
    void topics_inAnyInterleaving_giveTheSameRecord() {
        List<Line> lines = story();
        TrackRecord record = read(lines).record("checkout-cache", END, 28);

        assertThat(record.sentence()).isEqualTo("9 pages, 7 incidents in 28 d");
        assertThat(record.toAck().medianSeconds()).isEqualTo(30);
        assertThat(record.missed()).isEqualTo(1);
        String all = LedgerJson.write(read(lines));
        for (long seed = 0; seed < 50; seed++) {
            List<Line> shuffled = new ArrayList<>(lines);
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(LedgerJson.write(read(shuffled))).as("seed %d", seed).isEqualTo(all);
        }
    }

    @Test
    void lines_thatAreNone_areCounted() {
        PageBook book = new PageBook();
        book.alert("{}");
        book.delivery("{}");
        book.said("not json");
        assertThat(book.unreadable()).isEqualTo(3);
        assertThat(book.ledger(COST).pages()).isEmpty();
    }

    @Test
    void episodes_beyondTheBound_goOldestFirst_andAreCounted() {
        PageBook book = new PageBook();
        for (int i = 0; i < PageBook.MAX_EPISODES + 5; i++) {
            book.said(StatementJson.write(new Observation("key-" + i, What.ACKNOWLEDGED, "", "ada", END)));
        }
        assertThat(book.dropped()).isEqualTo(5);
    }
}
