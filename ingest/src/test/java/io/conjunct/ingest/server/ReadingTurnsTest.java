// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.ingest.server.ReadingTurns.Habit;
import io.conjunct.ingest.server.ReadingTurns.Turn;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may send a message, with room for 4 MiB. */
class ReadingTurnsTest {
    private static final int MIB = 1024 * 1024;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ReadingTurns turns = new ReadingTurns(4 * MIB, timer);
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        timer.shutdownNow();
        assertThat(turns.counted()).isZero();
    }

    @Test
    void firstMessagesOfConnections_areTakenForLong_andWaitInOrder() {
        Turn[] all = new Turn[6];
        for (int i = 0; i < all.length; i++) {
            all[i] = ask("turn " + i, new Habit());
        }
        assertThat(seen).containsExactly("turn 0", "turn 1", "turn 2", "turn 3");
        for (int i = 0; i < 4; i++) {
            all[i].inboundWireSize(MIB);
        }
        all[2].takenOver();
        assertThat(seen).endsWith("turn 4");
        all[0].streamClosed(Status.CANCELLED);
        assertThat(seen).endsWith("turn 5");
        end(all);
    }

    @Test
    void messages_areTakenForAsLongAsTheLastOne() {
        Habit habit = new Habit();
        Turn first = ask("first", habit);
        first.inboundWireSize(1_000);
        first.takenOver();
        Turn[] all = new Turn[50];
        for (int i = 0; i < all.length; i++) {
            all[i] = ask("turn " + i, habit);
        }
        assertThat(seen).hasSize(51);
        assertThat(turns.counted()).isEqualTo(50_000);
        end(all);
    }

    @Test
    void whoSendsNothing_isCountedForNothing_soon() {
        Turn[] all = new Turn[100];
        for (int i = 0; i < all.length; i++) {
            all[i] = ask("turn " + i, new Habit());
        }
        assertThat(seen).hasSize(4);
        Turn honest = ask("honest", new Habit());
        await().untilAsserted(() -> assertThat(seen).contains("honest"));
        assertThat(seen).noneMatch(line -> line.contains("refused"));
        end(all);
        end(honest);
    }

    @Test
    void messageThatOutgrowsWhatIsLeft_isRefused_andExpectedToBeLongNextTime() {
        Habit habit = new Habit();
        Turn small = ask("small", new Habit());
        small.inboundWireSize(3 * MIB);
        Turn large = ask("large", habit);
        large.inboundWireSize(2 * MIB);
        assertThat(seen).containsExactly("small", "large");
        large.inboundWireSize(MIB + 1);
        await().untilAsserted(() -> assertThat(seen).contains("large refused: too many requests are being read"));
        end(large);
        Turn again = ask("again", habit);
        assertThat(seen).doesNotContain("again");
        small.takenOver();
        assertThat(seen).contains("again");
        end(small, again);
    }

    @Test
    void loneMessage_mayBeAsLongAsItLikes() {
        Turn lone = ask("lone", new Habit());
        lone.inboundWireSize(9 * MIB);
        Turn next = ask("next", new Habit());
        assertThat(seen).containsExactly("lone");
        lone.takenOver();
        assertThat(seen).containsExactly("lone", "next");
        end(lone, next);
    }

    @Test
    void whoTakesTooLong_isRefused_whenOthersWait_andThoseDoNotWaitForEver() {
        Turn slow = ask("slow", new Habit());
        slow.inboundWireSize(4 * MIB);
        Turn waits = ask("waits", new Habit());
        await().untilAsserted(() -> assertThat(seen).anyMatch(line -> line.startsWith("slow refused: others wait")));
        // Its stream is not closed, so there is still no room.
        await().untilAsserted(() -> assertThat(seen).contains("waits refused: too many requests are being read"));
        end(slow, waits);
    }

    private Turn ask(String name, Habit habit) {
        Turn turn = (Turn) turns.newServerStreamTracer("Export", new Metadata());
        turn.await(habit, () -> seen.add(name), why -> seen.add(name + " refused: " + why));
        return turn;
    }

    private static void end(Turn... all) {
        for (Turn turn : all) {
            turn.streamClosed(Status.OK);
        }
    }
}
