// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.RuleSource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The correlate role: topics, topology, heartbeats and the publishing of rules, from start to close. */
public final class Correlator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Correlator.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(8);

    private final CorrelatorSettings settings;
    private final Topics topics;
    private final Topics.Layout layout;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaStreams streams;
    private final Heartbeat heartbeat;
    private final EngineMetrics metrics;
    private final InstantSource clock = InstantSource.system();
    private volatile @Nullable String failure;

    /**
     * Prepares the topics and starts.
     *
     * @param onTick sees every decision as it is made, before it is committed; for display only
     * @throws IllegalStateException when Kafka cannot be reached or its topics are set contrary to what is needed
     */
    public static Correlator start(
            CorrelatorSettings settings,
            RuleUpdate.Compiler compiler,
            PrometheusRegistry registry,
            Consumer<GroupTick> onTick)
            throws InterruptedException {
        return new Correlator(settings, compiler, registry, onTick);
    }

    private Correlator(
            CorrelatorSettings settings,
            RuleUpdate.Compiler compiler,
            PrometheusRegistry registry,
            Consumer<GroupTick> onTick)
            throws InterruptedException {
        this.settings = settings;
        this.topics = new Topics(settings.topicPrefix());
        this.metrics = new EngineMetrics(registry);
        try (Admin admin = Admin.create(client(new HashMap<>()))) {
            requireReachable(admin);
            this.layout = topics.ensure(
                    admin, new Topics.Layout(settings.eventPartitions(), settings.taskPartitions()), (short)
                            settings.replication());
            if (settings.soleInstance()) {
                DeadMembers.remove(admin, applicationId());
            }
        }
        this.producer = new KafkaProducer<>(
                client(new HashMap<>(Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        Topics.MAX_MESSAGE_BYTES,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        5_000))),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        StreamsConfig config = new StreamsConfig(streamsProperties());
        EngineSettings engine = settings.engine();
        Topology topology = CorrelationTopology.build(
                topics,
                config,
                new MeasureStep(engine, compiler, layout.taskPartitions(), metrics),
                new DecideStep(engine, compiler, layout.taskPartitions(), layout.eventPartitions(), metrics, onTick));
        this.streams = new KafkaStreams(topology, config);
        streams.setUncaughtExceptionHandler(this::onFailure);
        streams.start();
        this.heartbeat = new Heartbeat(
                producer,
                topics.events(),
                layout.eventPartitions(),
                settings.instance(),
                settings.allowedLateness(),
                clock);
        if (settings.heartbeats()) {
            heartbeat.start();
        }
    }

    private void requireReachable(Admin admin) throws InterruptedException {
        try {
            admin.describeCluster().nodes().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "no Kafka broker answers at " + settings.bootstrap()
                            + " (within 10 s). Is it running, and is --kafka right?",
                    e);
        }
    }

    private String applicationId() {
        return settings.topicPrefix() + "correlate";
    }

    private Map<String, Object> client(Map<String, Object> properties) {
        properties.putAll(settings.kafka());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, "conjunct-" + settings.instance());
        return properties;
    }

    /** Each setting that is not a default has its reason here; the measurements are in RATIONALE.md. */
    private Properties streamsProperties() {
        Properties p = new Properties();
        p.putAll(settings.kafka());
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId());
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
        p.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.replication());
        // At-least-once gives wrong values, not only repeated ones.
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        p.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedMemory.class);
        p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        p.put("processing.exception.handler.global.enabled", true);
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // After a crash the partitions of the dead are taken over when its session ends.
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), Topics.MAX_MESSAGE_BYTES);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topics.MAX_MESSAGE_BYTES);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        p.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 * 1024);
        // Bounds how long readers of committed data wait for a crashed writer.
        p.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 10_000);
        p.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), Topics.MAX_MESSAGE_BYTES);
        return p;
    }

    /** A lost connection is tried again with a new thread; a broken promise of the engine stops the process's deciding. */
    private StreamThreadExceptionResponse onFailure(Throwable failed) {
        Throwable cause = failed;
        while (cause instanceof StreamsException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof RuntimeException && !(cause instanceof org.apache.kafka.common.KafkaException)) {
            failure = String.valueOf(cause);
            LOG.error("the engine has stopped: {}", cause.toString(), failed);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.warn("a stream thread failed and is replaced: {}", failed.toString());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /**
     * Puts rules in force from the next tick of the clock on. Watermarks are behind the clock by the allowed lateness,
     * so every partition hears of it in time.
     *
     * @param files already checked; a set that cannot be compiled would stop the engine
     */
    public RuleUpdate publish(String revision, List<RuleSource> files) {
        try (RulePublisher publisher = publisher()) {
            return publisher.publish(
                    revision, files, Duration.ofMillis(settings.engine().tickMillis()), clock);
        }
    }

    /**
     * What has been published so far, without what the tasks say of it.
     *
     * @throws org.apache.kafka.common.KafkaException when the broker does not answer
     */
    public PublishedRules published() {
        try (RulesReader reader = RulesReader.ofLatest(settings.bootstrap(), topics, settings.kafka())) {
            return reader.readAll();
        }
    }

    /** Puts rules in force from a stated time on. */
    public void publish(RuleUpdate update) {
        try (RulePublisher publisher = publisher()) {
            publisher.publish(update);
        }
    }

    private RulePublisher publisher() {
        return new RulePublisher(settings.bootstrap(), topics, settings.kafka());
    }

    /** Why decisions are not being made now; empty when they are. */
    public Optional<String> notReady() {
        String stopped = failure;
        if (stopped != null) {
            return Optional.of("stopped: " + stopped);
        }
        return switch (streams.state()) {
            case RUNNING -> Optional.empty();
            case CREATED -> Optional.of("starting");
            case REBALANCING -> Optional.of("taking over partitions and restoring state");
            case PENDING_SHUTDOWN, NOT_RUNNING -> Optional.of("closed");
            case PENDING_ERROR, ERROR -> Optional.of("stopped by an error, see the log");
        };
    }

    /** The last decision of each rule group. */
    public Map<String, GroupTick> latest() {
        return Map.copyOf(metrics.latest());
    }

    @Override
    public void close() {
        heartbeat.close();
        // Leaving the group lets the next start, here or elsewhere, begin at once instead of after the session timeout.
        streams.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        producer.close(Duration.ofSeconds(2));
    }
}
