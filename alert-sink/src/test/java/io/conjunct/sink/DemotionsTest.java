// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import io.conjunct.record.Demotion;
import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.message.Message;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.ReceiverSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sinks over one delivery log, with a receiver for pages and one for tickets. */
final class DemotionsTest {
    private static final TopicPartition P0 = new TopicPartition("conjunct.alerts", 0);
    private static final Route PAGES = new Route(Optional.of(Tier.PAGE), Optional.empty(), Map.of(), List.of("oncall"));
    private static final Route TICKETS =
            new Route(Optional.of(Tier.TICKET), Optional.empty(), Map.of(), List.of("board"));
    private static final Instant START = Alerts.START;

    private final Bench bench = new Bench(Alerts.clock(), Duration.ofSeconds(10));
    private final List<String> told = new ArrayList<>();
    private final List<Alert> alerts = new ArrayList<>();

    /** A sink that has just started: it knows the delivery log and what {@code known} tells. */
    private final class Sink {
        private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        private final Lane oncall;
        private final Lane board;
        private final AlertLoop loop;
        private long offset;

        Sink(Demotions.Known known, List<Route> routes) {
            DeliveryLog log = new DeliveryLog(
                    bench.deliveries,
                    "conjunct.deliveries",
                    taker -> bench.deliveries.history().forEach(entry -> taker.take(entry.value())),
                    bench.clock,
                    bench.metrics);
            Lane.Shared shared = new Lane.Shared(
                    new Outbox(log, () -> true, bench.metrics),
                    new Wording(bench.clock, alert -> Optional.of("10 pages, 2 incidents in 28 d")),
                    new Notices(Receivers.console(), Map.of(), bench.metrics, bench.clock),
                    bench.deadLetters,
                    bench.metrics,
                    bench.clock);
            oncall = new Lane("oncall", receiver("oncall"), 3, new Random(1), shared);
            board = new Lane("board", receiver("board"), 3, new Random(1), shared);
            ReceiverSettings unused = around -> alert -> new Outcome.Delivered();
            Receivers receivers = new Receivers(
                    Map.of("oncall", unused, "board", unused),
                    routes,
                    Optional.empty(),
                    Hooks.NONE,
                    new AllowedHosts(List.of()));
            loop = new AlertLoop(
                    consumer,
                    P0.topic(),
                    receivers,
                    Map.of("oncall", oncall, "board", board),
                    log,
                    new Demotions(known, receivers, log, bench.metrics),
                    new Lease(System::nanoTime),
                    bench.metrics,
                    bench.clock);
            loop.subscribe();
            consumer.updateBeginningOffsets(Map.of(P0, 0L));
            consumer.rebalance(List.of(P0));
        }

        private Receiver receiver(String name) {
            return alert -> {
                told.add(name + " " + alert.tier().word() + " " + alert.state().word());
                alerts.add(alert);
                return new Outcome.Delivered();
            };
        }

        Sink take(Alert... some) throws InterruptedException {
            for (Alert alert : some) {
                byte[] value = AlertJson.write(alert).getBytes(StandardCharsets.UTF_8);
                consumer.addRecord(new ConsumerRecord<>(P0.topic(), 0, offset++, new byte[0], value));
            }
            return turn();
        }

        Sink turn() throws InterruptedException {
            loop.turn();
            bench.run(oncall, 10);
            bench.run(board, 10);
            return this;
        }
    }

    private Sink sink(Demotions.Known known) {
        return new Sink(known, List.of(PAGES, TICKETS));
    }

    /** As the track records tell it. */
    private RecordFollower records(Instant since, Duration length) {
        ObjectMapper json = new ObjectMapper();
        ObjectNode record = json.createObjectNode();
        record.put("rule", "checkout-cache").put("sentence", "10 pages, 2 incidents in 28 d");
        record.put("as_of", START.toString());
        new Demotion(
                        Tier.PAGE,
                        "checkout-cache",
                        "0c5dd1c3a2b46e71",
                        since.toEpochMilli(),
                        since.plus(length).toEpochMilli(),
                        "2 of 10 judged episodes were incidents",
                        "")
                .write(record.putArray("demotions").addObject());
        RecordFollower follower = new RecordFollower(
                new KafkaTail(new MockConsumer<>("earliest"), "conjunct.track-records", () -> {}), bench.clock);
        follower.take(record.toString());
        return follower;
    }

    /** The records, once they have been asked for. */
    private Demotions.Known from(Instant since) {
        return records(since, Duration.ofDays(28))::covering;
    }

    private static Alert firing() {
        return Alerts.firing("docs").asDemotable();
    }

    private static Alert resolved() {
        return Alerts.resolved("docs").asDemotable();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void demotedEpisode_isATicketToItsEnd_andSaysWhy() throws Exception {
        sink(from(START)).take(firing(), resolved());

        assertThat(told).containsExactly("board ticket firing", "board ticket resolved");
        assertThat(Message.of(alerts.get(0)).record())
                .isEqualTo("10 pages, 2 incidents in 28 d; demoted from page to ticket from 2026-11-20 21:03 UTC until"
                        + " 2026-12-18 21:03 UTC: 2 of 10 judged episodes were incidents; undo: conjunct"
                        + " verdict --restore checkout-cache, or remove `demote: auto` from the rule");
        assertThat(bench.books.sum("conjunct_sink_demoted", Map.of("rule", "checkout-cache")))
                .isEqualTo(1);
    }

    @Test
    void whatBeganBefore_orAfter_orOptedOut_orWasEdited_isAPage() throws Exception {
        sink(from(START.plusMillis(1))).take(firing());
        sink(records(START.minus(Duration.ofDays(1)), Duration.ofDays(1))::covering)
                .take(firing());
        sink(from(START)).take(Alerts.firing("other"));
        sink(Demotions.Known.NOTHING).take(firing());
        assertThat(told).isNotEmpty().allMatch(line -> line.equals("oncall page firing"));
    }

    @Test
    void episodeThatPaged_endsAsAPage_whenTheDemotionIsHeardOfBetween_evenOverARestart() throws Exception {
        List<Demotion> heard = new ArrayList<>();
        Demotions.Known late = alert -> heard.stream().findFirst();
        Sink first = sink(late).take(firing());
        heard.add(from(START).covering(firing()).orElseThrow());
        first.take(resolved());
        assertThat(told).containsExactly("oncall page firing", "oncall page resolved");

        told.clear();
        heard.clear();
        Alert next = Alerts.episode("docs", 1, State.FIRING).asDemotable();
        sink(late).take(next);
        heard.add(from(START).covering(firing()).orElseThrow());
        sink(late).take(next, Alerts.episode("docs", 1, State.RESOLVED).asDemotable());
        assertThat(told).containsExactly("oncall page firing", "oncall page resolved");
    }

    @Test
    void episodeThatWasATicket_endsAsOne_whenTheRecordsAreGoneAfterARestart() throws Exception {
        sink(from(START)).take(firing());
        sink(Demotions.Known.NOTHING).take(resolved());
        assertThat(told).containsExactly("board ticket firing", "board ticket resolved");
    }

    @Test
    void alert_waitsUntilTheRecordsHaveBeenAskedFor_othersAfterIt() throws Exception {
        boolean[] asked = {false};
        Demotions.Known known = new Demotions.Known() {
            @Override
            public Optional<Demotion> covering(Alert alert) {
                return asked[0] ? from(START).covering(alert) : Optional.empty();
            }

            @Override
            public boolean asked() {
                return asked[0];
            }
        };
        Sink sink = sink(known).take(Alerts.firing("other"), firing()).turn();
        assertThat(told).containsExactly("oncall page firing");
        asked[0] = true;
        sink.turn();
        assertThat(told).containsExactly("oncall page firing", "board ticket firing");
        assertThat(records(START, Duration.ofDays(1)).asked()).isFalse();
    }

    private static Demotion of(Tier from) {
        long since = START.toEpochMilli();
        return new Demotion(from, "checkout-cache", "0c5dd1c3a2b46e71", since, since + 1, "0 of 4 were", "");
    }

    /** Marks go where nobody is woken by them; here to the same receiver. */
    private static final Route MARKS =
            new Route(Optional.of(Tier.ANNOTATE), Optional.empty(), Map.of(), List.of("board"));

    @Test
    void ticket_isAMark_andAPageThatIsDemotedTwiceIsOneToo() throws Exception {
        Demotions.Known tickets = alert -> Optional.of(of(Tier.TICKET)).filter(each -> each.covers(alert));
        Demotions.Known both = alert -> Stream.of(of(Tier.PAGE), of(Tier.TICKET))
                .filter(each -> each.covers(alert))
                .findFirst();
        new Sink(tickets, List.of(PAGES, TICKETS, MARKS))
                .take(Alerts.alert("docs", State.FIRING, Tier.TICKET).asDemotable());
        assertThat(told).containsExactly("board annotate firing");

        new Sink(both, List.of(PAGES, TICKETS, MARKS))
                .take(Alerts.firing("cart").asDemotable());
        new Sink(both, List.of(PAGES, TICKETS)).take(Alerts.firing("pay").asDemotable());
        new Sink(tickets, List.of(PAGES, TICKETS, MARKS))
                .take(Alerts.firing("shop").asDemotable());
        assertThat(told)
                .containsExactly(
                        "board annotate firing", "board annotate firing", "board ticket firing", "oncall page firing");
    }

    @Test
    void ticketThatNoRouteTakes_staysAPage() throws Exception {
        new Sink(from(START), List.of(PAGES)).take(firing(), resolved());
        assertThat(told).containsExactly("oncall page firing", "oncall page resolved");
    }
}
