// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server$;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapDirectory;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.fault.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka broker and its controller in this process: what {@code --kafka embedded} means.
 *
 * <p>One node without replicas, reachable from this machine only (127.0.0.1). What it acknowledged survives the end of
 * the process, however it ends; it does not survive the loss of the disk, and after a power cut the last seconds that
 * the operating system had not yet written may be gone. Use a real cluster where that matters.
 *
 * <p>This is the only file that uses Kafka's server classes. They are internal to Kafka: the version is pinned and
 * {@code EmbeddedBrokerIT} proves start, restart and crash.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final String HOST = "127.0.0.1";
    private static final int NODE = 1;
    private static final ListenerName CLIENTS = ListenerName.normalised("CLIENTS");
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(4);

    private final ControllerServer controller;
    private final BrokerServer broker;
    private final Optional<DataDirectory> owned;
    private final AtomicReference<Optional<String>> fault;
    private Optional<HangingTransactions> hanging = Optional.empty();
    private boolean closed;

    private EmbeddedBroker(
            ControllerServer controller,
            BrokerServer broker,
            Optional<DataDirectory> owned,
            AtomicReference<Optional<String>> fault) {
        this.controller = controller;
        this.broker = broker;
        this.owned = owned;
        this.fault = fault;
    }

    /** Starts on a free port in a directory of its own, which it gives back when it closes. */
    public static EmbeddedBroker start(Path directory) throws IOException {
        DataDirectory data = DataDirectory.open(directory);
        try {
            return start(data, 0, Optional.of(data));
        } catch (IOException | RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /**
     * Starts and returns when clients can connect: 0.5 to 3 s.
     *
     * @param data stays the caller's to close, after the broker
     * @param port 0 for a free one
     * @throws BindException when the port is taken
     * @throws IOException when the directory cannot be written
     */
    public static EmbeddedBroker start(DataDirectory data, int port) throws IOException {
        return start(data, port, Optional.empty());
    }

    private static EmbeddedBroker start(DataDirectory data, int port, Optional<DataDirectory> owned)
            throws IOException {
        requireNonNull(data, "data");
        requireFree(port);
        Instant started = Instant.now();
        Path directory = data.broker();
        boolean first = formatOnce(directory);
        MetaPropertiesEnsemble properties = new MetaPropertiesEnsemble.Loader()
                .addMetadataLogDir(directory.toString())
                .load();
        KafkaConfig config = new KafkaConfig(settings(directory, port), false);
        AtomicReference<Optional<String>> fault = new AtomicReference<>(Optional.empty());
        CompletableFuture<Map<Integer, InetSocketAddress>> voters = new CompletableFuture<>();
        SharedServer shared = new SharedServer(
                config,
                properties,
                Time.SYSTEM,
                Server$.MODULE$.initializeMetrics(
                        config, Time.SYSTEM, properties.clusterId().orElseThrow()),
                voters,
                List.of(),
                (name, fatal, action) -> faultHandler(name, fatal, action, fault),
                ServerSocketFactory.INSTANCE);
        ControllerServer controller =
                new ControllerServer(shared, KafkaRaftServer.configSchema(), bootstrapMetadata(directory));
        BrokerServer broker = new BrokerServer(shared);
        // The controller's port is known only once it is bound; the quorum of one waits for it here.
        InetAddress host = host();
        CompletableFuture<Void> unused = controller
                .socketServerFirstBoundPortFuture()
                .thenAccept(bound -> voters.complete(Map.of(NODE, new InetSocketAddress(host, bound))));
        EmbeddedBroker embedded = new EmbeddedBroker(controller, broker, owned, fault);
        try {
            controller.startup();
            broker.startup();
        } catch (RuntimeException e) {
            voters.cancel(false);
            embedded.stop();
            throw new IOException("the embedded broker did not start in " + directory + ": " + e.getMessage(), e);
        }
        if (!first) {
            embedded.hanging = Optional.of(new HangingTransactions(embedded.bootstrap(), started).start());
        }
        return embedded;
    }

    /** The address for clients, such as {@code 127.0.0.1:41234}. */
    public String bootstrap() {
        return HOST + ":" + broker.boundPort(CLIENTS);
    }

    /** Why it cannot serve; empty while it does. */
    public Optional<String> notReady() {
        if (broker.isShutdown()) {
            return Optional.of("stopped");
        }
        return requireNonNull(fault.get(), "fault");
    }

    /** Transactions of an earlier process that it had to abort, see {@link HangingTransactions}. */
    public long hangingTransactionsAborted() {
        return hanging.map(HangingTransactions::aborted).orElse(0L);
    }

    /** Stops after what was written is on disk; at most 4 s for the broker. */
    @Override
    public void close() throws IOException {
        stop();
        if (owned.isPresent()) {
            owned.get().close();
        }
    }

    private synchronized void stop() {
        if (closed) {
            return;
        }
        closed = true;
        hanging.ifPresent(HangingTransactions::close);
        broker.shutdown(CLOSE_LIMIT);
        broker.awaitShutdown();
        controller.shutdown();
        controller.awaitShutdown();
    }

    private static InetAddress host() throws IOException {
        return InetAddress.getByAddress(HOST, new byte[] {127, 0, 0, 1});
    }

    private static void requireFree(int port) throws IOException {
        if (port == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            // As the broker will: otherwise a connection of the previous run in TIME_WAIT would look like an occupant.
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host(), port));
        } catch (BindException e) {
            BindException clear = new BindException(
                    "port " + port + " of " + HOST
                            + " is taken, so the embedded broker cannot listen there; choose another port, or 0 for any free one");
            clear.initCause(e);
            throw clear;
        }
    }

    /** Whether there was nothing before. */
    private static boolean formatOnce(Path directory) throws IOException {
        if (Files.exists(directory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            return false;
        }
        Files.createDirectories(directory);
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setControllerListenerName("CONTROLLER")
                    .run();
            return true;
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot format " + directory + " for the embedded broker: " + e.getMessage(), e);
        }
    }

    private static org.apache.kafka.metadata.bootstrap.BootstrapMetadata bootstrapMetadata(Path directory)
            throws IOException {
        try {
            return new BootstrapDirectory(directory.toString()).read();
        } catch (Exception e) {
            throw new IOException("cannot read the embedded broker's format in " + directory, e);
        }
    }

    /** Kafka's own handler ends the process on a fatal fault; here the process stays and says why it is not ready. */
    private static FaultHandler faultHandler(
            String name, boolean fatal, Runnable action, AtomicReference<Optional<String>> fault) {
        return (message, cause) -> {
            LOG.error("Embedded broker, {}: {}", name, message, cause);
            if (fatal) {
                fault.compareAndSet(Optional.empty(), Optional.of(name + ": " + message));
            }
            action.run();
            return new IllegalStateException(message, cause);
        };
    }

    private static Properties settings(Path directory, int port) {
        Properties settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        settings.put("log.dirs", directory.toString());
        settings.put("listeners", "CLIENTS://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":0");
        settings.put("advertised.listeners", "CLIENTS://" + HOST + ":" + port);
        settings.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "CLIENTS");
        settings.put("controller.listener.names", "CONTROLLER");
        // Any address: the real one arrives through the voters' future, so no port is reserved and then lost.
        settings.put("controller.quorum.voters", NODE + "@0.0.0.0:0");

        // A crashed broker's registration blocks its successor until the session ends: 12 s by default.
        settings.put("broker.session.timeout.ms", "1000");
        settings.put("broker.heartbeat.interval.ms", "250");
        settings.put("group.initial.rebalance.delay.ms", "0");

        // One node: every internal topic has one replica and few partitions.
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "2");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "2");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("auto.create.topics.enable", "false");

        // Small: the broker shares its process with the engine.
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "2");
        settings.put("background.threads", "2");
        settings.put("num.replica.fetchers", "1");
        settings.put("num.recovery.threads.per.data.dir", "2");
        settings.put("log.cleaner.threads", "1");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        settings.put("log.segment.bytes", Integer.toString(128 << 20));
        settings.put("group.coordinator.threads", "1");
        settings.put("share.coordinator.threads", "1");
        return settings;
    }
}
