// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.ingest.server.ReadingTurns.Turn;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.Objects;
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
    void messages_countAsLongAsTheySayTheyAre_andWaitInOrder() {
        Turn[] all = new Turn[6];
        for (int i = 0; i < all.length; i++) {
            all[i] = ask("turn " + i, MIB);
        }
        assertThat(seen).containsExactly("turn 0", "turn 1", "turn 2", "turn 3");
        for (int i = 0; i < 4; i++) {
            all[i].came(MIB);
        }
        all[2].done();
        assertThat(seen).endsWith("turn 4");
        all[0].streamClosed(Status.CANCELLED);
        assertThat(seen).endsWith("turn 5");
        end(all);
    }

    @Test
    void shortMessages_areReadManyAtATime() {
        Turn[] all = new Turn[50];
        for (int i = 0; i < all.length; i++) {
            all[i] = ask("turn " + i, 1_000);
        }
        assertThat(seen).hasSize(50);
        assertThat(turns.counted()).isEqualTo(50_000);
        end(all);
    }

    @Test
    void callThatHasNotBegunToSend_keepsNobodyWaiting() {
        Turn silent = turn();
        silent.await(Sender.unlimited(), () -> seen.add("silent"), why -> seen.add("silent refused: " + why));
        Turn honest = ask("honest", 4 * MIB);
        assertThat(seen).containsExactly("honest");
        silent.begins(1_000, 0, Runnable::run);
        assertThat(seen).containsExactly("honest");
        honest.done();
        assertThat(seen).containsExactly("honest", "silent");
        end(silent, honest);
    }

    @Test
    void callThatEndsBeforeItsTurn_hasNone() {
        Turn ahead = ask("long", 4 * MIB);
        Turn gone = ask("gone", MIB);
        end(gone, ahead);
        Turn closed = turn();
        closed.await(Sender.unlimited(), () -> seen.add("closed"), why -> {});
        end(closed);
        closed.begins(MIB, 0, Runnable::run);
        assertThat(seen).containsExactly("long");
    }

    @Test
    void whoSendsNothing_isCountedForNothing_soon() {
        Turn[] all = new Turn[100];
        for (int i = 0; i < all.length; i++) {
            all[i] = ask("turn " + i, MIB);
        }
        assertThat(seen).hasSize(4);
        Turn honest = ask("honest", MIB);
        await().untilAsserted(() -> assertThat(seen).contains("honest"));
        assertThat(seen).noneMatch(line -> line.contains("refused"));
        end(all);
        end(honest);
    }

    @Test
    void messageThatGoesOnWhenItWasGivenUp_countsAgain() {
        Turn idle = ask("idle", 4 * MIB);
        Turn next = ask("next", 4 * MIB);
        await().untilAsserted(() -> assertThat(seen).containsExactly("idle", "next"));
        next.came(4 * MIB);
        idle.came(2 * MIB);
        assertThat(turns.counted()).isEqualTo(6 * MIB);
        Turn third = ask("third", MIB);
        next.done();
        assertThat(seen).containsExactly("idle", "next", "third");
        assertThat(turns.counted()).isEqualTo(3 * MIB);
        end(idle, next, third);
    }

    @Test
    void loneMessage_mayBeAsLongAsItLikes() {
        Turn lone = ask("lone", 9 * MIB);
        lone.came(9 * MIB);
        Turn next = ask("next", 1_000);
        assertThat(seen).containsExactly("lone");
        lone.done();
        assertThat(seen).containsExactly("lone", "next");
        end(lone, next);
    }

    @Test
    void whoTakesTooLong_isRefused_whenOthersWait_andThoseDoNotWaitForEver() {
        Turn slow = ask("slow", 4 * MIB);
        slow.came(4 * MIB);
        Turn waits = ask("waits", MIB);
        await().untilAsserted(() -> assertThat(seen).anyMatch(line -> line.startsWith("slow refused: others wait")));
        // Its stream is not closed, so there is still no room.
        await().untilAsserted(() -> assertThat(seen).contains("waits refused: too many requests are being read"));
        end(slow, waits);
    }

    private Turn ask(String name, long length) {
        Turn turn = turn();
        turn.await(Sender.unlimited(), () -> seen.add(name), why -> seen.add(name + " refused: " + why));
        turn.begins(length, 0, Runnable::run);
        return turn;
    }

    private Turn turn() {
        var unused = turns.newServerStreamTracer("export", new Metadata());
        return Objects.requireNonNull(turns.made());
    }

    private static void end(Turn... all) {
        for (Turn turn : all) {
            turn.streamClosed(Status.OK);
        }
    }
}
