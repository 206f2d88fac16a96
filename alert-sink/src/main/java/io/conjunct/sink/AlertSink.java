// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpHandler;
import io.conjunct.record.LedgerSource;
import io.conjunct.sink.http.Outbound;
import io.conjunct.sink.ledger.LedgerApi;
import io.conjunct.sink.message.RecentPages;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.Repeating;
import io.conjunct.sink.receiver.Surroundings;
import io.conjunct.sink.verdict.Hook;
import io.conjunct.sink.verdict.PagerDutyHook;
import io.conjunct.sink.verdict.SlackHook;
import io.conjunct.sink.verdict.VerdictApi;
import io.conjunct.sink.verdict.VerdictForm;
import io.conjunct.sink.verdict.VerdictTopic;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people. What happens to an alert, in this order, one class per step:
 *
 * <ol>
 *   <li>{@link AlertLoop} reads it from the topic, committed transactions only
 *   <li>{@link Skipped}: not an alert, shadow, muted, pending and cancelled ones end here
 *   <li>{@link Demotions}: a page becomes a ticket when its rule lets its record decide so
 *   <li>{@link Route}: the first that matches names the receivers
 *   <li>{@link Lane}: each receiver's own queue and thread
 *   <li>{@link LaneQueue}: in the order of each alert, with pauses and retries
 *   <li>{@link Outbox}: what the {@link DeliveryLog} proves is not repeated; intent before the request, outcome after
 *   <li>{@link io.conjunct.sink.receiver.Receiver}: one attempt: console, webhook, Slack, PagerDuty, Alertmanager, to
 *       which a {@link Repeater} says it again
 *   <li>{@link DeadLetters}: what was refused for good
 *   <li>{@link Offsets}: the record is committed when all of its deliveries are over
 * </ol>
 *
 * So a delivery happens at least once, and no trigger follows its episode's resolve. A crash between a request and its
 * outcome in the log repeats it, with the same deduplication key, which is one incident at PagerDuty and a second message
 * at receivers that know no such key. {@link SinkMetrics} has
 * the books.
 */
public final class AlertSink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AlertSink.class);
    /** Of the 10 s that closing may take: for deliveries, then for the commit, leaving the group, and the producer. */
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private static final Duration LEAVE = Duration.ofSeconds(1);
    private static final Duration FLUSH = Duration.ofMillis(500);
    private static final Duration TROUBLE = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<String, String> producer;
    private final SinkSettings settings;
    private final KafkaTail logReader;
    private final Optional<RecordFollower> records;
    private final Optional<RecentFollower> recent;
    private final Outbound http;
    private final SinkMetrics metrics;
    private final Collection<Lane> lanes;
    private final List<Repeater> repeaters = new ArrayList<>();
    private final AlertLoop loop;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    AlertSink(
            SinkSettings settings,
            PrometheusRegistry registry,
            Consumer<byte[], byte[]> consumer,
            Producer<String, String> producer,
            KafkaTail tail,
            Optional<RecordFollower> follower,
            Optional<Tails> tails) {
        this.consumer = consumer;
        this.settings = settings;
        logReader = tail;
        records = follower;
        this.producer = producer;
        metrics = new SinkMetrics(registry);
        Lease lease = new Lease(System::nanoTime);
        http = new Outbound(
                settings.receivers().allowedHosts(), settings.clock(), metrics::redirectRefused, lease::held);
        DeadLetters deadLetters = new DeadLetters(producer, settings.deadLettersTopic(), settings.clock(), metrics);
        recent = tails.map(read -> new RecentFollower(read.signals(), read.alerts(), metrics::trendDropped));
        RecentPages pages = recent.map(RecentFollower::pages).orElseGet(RecentPages::new);
        Surroundings around = new Surroundings(http, settings.console(), settings.clock(), pages);
        Map<String, Lane> byName = new LinkedHashMap<>();
        DeliveryLog log = new DeliveryLog(producer, settings.deliveriesTopic(), tail, settings.clock(), metrics);
        Wording.Records records = alert -> follower.flatMap(known -> known.of(alert));
        Lane.Shared shared = new Lane.Shared(
                new Outbox(log, lease::held, metrics),
                recent.map(lately -> new Wording(settings.clock(), records, lately))
                        .orElseGet(() -> new Wording(settings.clock(), records)),
                new Notices(settings.receivers(), byName, metrics, settings.clock()),
                deadLetters,
                metrics,
                settings.clock());
        Map<String, Receiver> opened = new LinkedHashMap<>();
        settings.receivers().byName().forEach((name, receiver) -> opened.put(name, receiver.open(around)));
        opened.forEach(
                (name, receiver) -> byName.put(name, new Lane(name, receiver, Lane.CAPACITY, new Random(), shared)));
        lanes = byName.values();
        metrics.show(lanes, settings.clock());
        Demotions.Known known = follower.<Demotions.Known>map(each -> each).orElse(Demotions.Known.NOTHING);
        loop = new AlertLoop(
                consumer,
                settings.alertsTopic(),
                settings.receivers(),
                byName,
                log,
                new Demotions(known, settings.receivers(), log, metrics),
                lease,
                metrics,
                settings.clock());
        opened.forEach((name, receiver) -> {
            if (receiver instanceof Repeating forgetful) {
                repeaters.add(new Repeater(name, forgetful, log, loop::partitions, lease::held, settings.clock()));
            }
        });
        thread = new Thread(this::run, "conjunct-sink-loop");
        thread.setDaemon(true);
        lanes.forEach(Lane::start);
        repeaters.forEach(Repeater::start);
        follower.ifPresent(RecordFollower::start);
        recent.ifPresent(RecentFollower::start);
        thread.start();
    }

    /** Starts reading and delivering. Returns at once: Kafka may come up later, {@link #notReady} tells. */
    public static AlertSink start(SinkSettings settings, PrometheusRegistry registry) {
        requireNonNull(registry, "registry");
        Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                consumerProperties(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Producer<String, String> producer =
                new KafkaProducer<>(producerProperties(settings), new StringSerializer(), new StringSerializer());
        KafkaTail tail = tail(settings, settings.deliveriesTopic(), new SinkTopics(settings)::make, Optional.empty());
        // Whoever keeps the ledger makes its topic; until then there is nothing to say.
        KafkaTail trackRecords = tail(settings, settings.trackRecordsTopic(), () -> {}, Optional.empty());
        RecordFollower follower = new RecordFollower(trackRecords, settings.clock());
        Optional<Instant> since = Optional.of(settings.clock().instant().minus(RecentFollower.SINCE));
        Tails recent = new Tails(
                tail(settings, settings.signalsTopic(), () -> {}, since),
                tail(settings, settings.alertsTopic(), () -> {}, since));
        return new AlertSink(settings, registry, consumer, producer, tail, Optional.of(follower), Optional.of(recent));
    }

    /** What tells of the last hour. */
    record Tails(KafkaTail signals, KafkaTail alerts) {}

    private static KafkaTail tail(SinkSettings settings, String topic, Runnable maker, Optional<Instant> from) {
        return new KafkaTail(
                new KafkaConsumer<>(tailProperties(settings), new StringDeserializer(), new StringDeserializer()),
                topic,
                maker,
                from);
    }

    /**
     * The paths on which people and providers answer, and where the ledger is read; for the admin port.
     *
     * @param ledger what is known about pages
     * @param formToken secret that the web page's form carries
     */
    public Map<String, HttpHandler> handlers(LedgerSource ledger, String formToken) {
        VerdictTopic topic = new VerdictTopic(producer, settings.verdictsTopic());
        Map<String, HttpHandler> handlers = new TreeMap<>();
        handlers.put("/api/v1/verdicts", Hook.handler(new VerdictApi(topic, ledger, settings.clock())));
        handlers.put("/api/v1/ledger", Hook.handler(new LedgerApi(ledger, settings.clock())));
        handlers.put("/verdict", new VerdictForm(topic, formToken, settings.clock()));
        Hooks hooks = settings.receivers().hooks();
        hooks.slack()
                .ifPresent(secret ->
                        handlers.put("/hooks/slack", Hook.handler(new SlackHook(secret, topic, settings.clock()))));
        hooks.pagerDuty()
                .ifPresent(secret -> handlers.put("/hooks/pagerduty", Hook.handler(new PagerDutyHook(secret, topic))));
        return handlers;
    }

    /** Why alerts are not being delivered; empty when they are. For readiness, with the reason. */
    public Optional<String> notReady() {
        if (!thread.isAlive()) {
            return Optional.of("alert-sink: stopped");
        }
        return loop.notReady().map(reason -> "alert-sink: " + reason);
    }

    /**
     * Stops reading, delivers what is due within 5 s, commits, and leaves the group; 10 s in all. What waits longer is
     * read again after the next start.
     */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Map<String, Object> consumerProperties(SinkSettings settings) {
        Map<String, Object> properties = new TreeMap<>();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        // A topic that is made after we start is found within this time; we must not make it, with the wrong settings.
        properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.putAll(settings.kafka());
        return properties;
    }

    static Map<String, Object> adminProperties(SinkSettings settings) {
        Map<String, Object> properties = new TreeMap<>();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.putAll(settings.kafka());
        return properties;
    }

    /** Of a reader without a group. */
    static Map<String, Object> tailProperties(SinkSettings settings) {
        Map<String, Object> properties = consumerProperties(settings);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return properties;
    }

    static Map<String, Object> producerProperties(SinkSettings settings) {
        Map<String, Object> properties = new TreeMap<>();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        properties.putAll(settings.kafka());
        return properties;
    }

    private void run() {
        try {
            loop.subscribe();
            while (closing.getCount() > 0) {
                try {
                    loop.turn();
                } catch (KafkaException e) {
                    loop.troubled(e);
                    pause(TROUBLE);
                }
            }
            drain();
        } catch (InterruptedException e) {
            LOG.debug("closing was interrupted");
        } catch (RuntimeException e) {
            LOG.error("alert-sink stopped by a fault", e);
        } finally {
            end();
        }
    }

    /** True when the sink is closing. */
    private boolean pause(Duration time) throws InterruptedException {
        return closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void drain() throws InterruptedException {
        long deadline = System.nanoTime() + DRAIN.toNanos();
        for (Duration left = DRAIN; left.toNanos() > 0; left = Duration.ofNanos(deadline - System.nanoTime())) {
            Duration within = left;
            if (lanes.stream().allMatch(lane -> lane.isQuiet(within))) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        lanes.forEach(Lane::stop);
    }

    private void end() {
        repeaters.forEach(Repeater::stop);
        lanes.forEach(Lane::stop);
        try {
            // First, for the deliveries its letters are about.
            producer.close(FLUSH);
            loop.commit(LEAVE);
        } catch (KafkaException e) {
            LOG.warn(
                    "last commit failed, its deliveries will repeat: {}",
                    e.getClass().getSimpleName());
        }
        try {
            consumer.close(CloseOptions.timeout(LEAVE)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        } catch (KafkaException e) {
            LOG.warn("Kafka consumer did not close cleanly: {}", e.getClass().getSimpleName());
        }
        try {
            logReader.close();
        } catch (KafkaException e) {
            LOG.warn(
                    "delivery log's reader did not close cleanly: {}",
                    e.getClass().getSimpleName());
        }
        records.ifPresent(RecordFollower::close);
        recent.ifPresent(RecentFollower::close);
        http.close();
        metrics.close();
    }
}
