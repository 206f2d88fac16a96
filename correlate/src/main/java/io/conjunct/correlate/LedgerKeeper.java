// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import io.conjunct.engine.Store;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.LedgerFold;
import io.conjunct.record.LedgerSource;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the ledger, from start to close, and lets it be read where it runs. It starts in the background: pages do not wait
 * for it. Of several processes one keeps it, the others hold a copy that is read in its place.
 */
public final class LedgerKeeper implements LedgerSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerKeeper.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /**
     * What it needs to run.
     *
     * @param bootstrap Kafka's addresses
     * @param prefix before every topic's name
     * @param stateDir where RocksDB keeps its files; a cache, rebuilt from Kafka when lost
     * @param replication of its topics
     * @param soleInstance whether no other process can keep the ledger
     * @param cost what a page costs
     * @param kafka further properties of the clients
     */
    public record Settings(
            String bootstrap,
            String prefix,
            Path stateDir,
            int replication,
            boolean soleInstance,
            Cost cost,
            Map<String, String> kafka) {
        public Settings {
            kafka = Map.copyOf(kafka);
        }
    }

    private final Settings settings;
    private final Topics topics;
    private final Counter unreadable;
    private final Thread starting = new Thread(this::begin, "conjunct-ledger-start");
    private volatile @Nullable KafkaStreams streams;
    private volatile boolean closed;
    private volatile @Nullable String failure;

    private LedgerKeeper(Settings settings, PrometheusRegistry registry) {
        this.settings = settings;
        topics = new Topics(settings.prefix());
        unreadable = Counter.builder()
                .name("conjunct_ledger_unreadable_records")
                .help("Records of the ledger's topics that could not be read and were left out.")
                .register(registry);
        starting.setDaemon(true);
    }

    /** Returns at once. */
    public static LedgerKeeper start(Settings settings, PrometheusRegistry registry) {
        LedgerKeeper keeper = new LedgerKeeper(settings, registry);
        keeper.starting.start();
        return keeper;
    }

    private void begin() {
        while (!closed) {
            try (Admin admin = Admin.create(client())) {
                topics.ensureLedger(admin, (short) settings.replication());
                if (settings.soleInstance()) {
                    DeadMembers.remove(admin, applicationId());
                }
                StreamsConfig config = new StreamsConfig(streamsProperties());
                LedgerStep step = new LedgerStep(topics, settings.cost(), unreadable::inc);
                open(new KafkaStreams(LedgerTopology.build(topics, config, step), config));
                return;
            } catch (IllegalStateException | KafkaException e) {
                failure = String.valueOf(e.getMessage());
                LOG.warn("the ledger cannot start, pages go on without it: {}", e.getMessage());
            } catch (InterruptedException e) {
                return;
            }
            try {
                TimeUnit.SECONDS.sleep(5);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void open(KafkaStreams opened) {
        if (closed) {
            opened.close(Duration.ZERO);
            return;
        }
        opened.setUncaughtExceptionHandler(failed -> {
            LOG.error("the ledger's thread failed and is replaced", failed);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        opened.start();
        streams = opened;
        failure = null;
    }

    private String applicationId() {
        return settings.prefix() + "ledger";
    }

    private Properties client() {
        Properties p = new Properties();
        p.putAll(settings.kafka());
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
        return p;
    }

    /** As the correlator's, but for its size: pages are few, and nobody waits for a record. */
    private Properties streamsProperties() {
        Properties p = client();
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId());
        p.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        p.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.soleInstance() ? 0 : 1);
        p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.replication());
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 500);
        p.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedMemory.class);
        p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 3_000);
        // The turn of a day tells all records again; it must fit into one transaction.
        p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 100);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 60_000);
        return p;
    }

    @Override
    public Optional<Ledger> since(long millis, Cost cost) {
        KafkaStreams running = streams;
        if (running == null) {
            return Optional.empty();
        }
        try {
            ReadOnlyKeyValueStore<Bytes, byte[]> store = running.store(StoreQueryParameters.fromNameAndType(
                            LedgerStep.STORE, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                    .enableStaleStores());
            return Optional.of(LedgerFold.read(new View(store), millis, cost));
        } catch (InvalidStateStoreException e) {
            return Optional.empty();
        }
    }

    /** The ledger's store, from outside. */
    private record View(ReadOnlyKeyValueStore<Bytes, byte[]> store) implements Store {
        @Override
        public byte @Nullable [] get(byte[] key) {
            return store.get(Bytes.wrap(key));
        }

        @Override
        public void put(byte[] key, byte[] value) {
            throw new UnsupportedOperationException("only read");
        }

        @Override
        public void delete(byte[] key) {
            throw new UnsupportedOperationException("only read");
        }

        @Override
        public void scan(byte[] prefix, Visitor visitor) {
            try (KeyValueIterator<Bytes, byte[]> entries =
                    store.prefixScan(Bytes.wrap(prefix), new BytesSerializer())) {
                entries.forEachRemaining(entry -> visitor.entry(entry.key.get(), entry.value));
            }
        }
    }

    /** Why records are not being kept; empty while they are, or will be in a moment. */
    public Optional<String> notReady() {
        String reason = failure;
        if (reason != null) {
            return Optional.of(reason);
        }
        KafkaStreams running = streams;
        boolean works = running == null
                || running.state().hasNotStarted()
                || running.state().isRunningOrRebalancing();
        return works ? Optional.empty() : Optional.of("stopped, see the log");
    }

    @Override
    public void close() {
        KafkaStreams running;
        synchronized (this) {
            closed = true;
            running = streams;
        }
        starting.interrupt();
        if (running != null) {
            running.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
    }
}
