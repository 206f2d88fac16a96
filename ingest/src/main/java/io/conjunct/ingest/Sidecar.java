// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import io.conjunct.ingest.batch.BatchLimits;
import io.conjunct.ingest.batch.BatchLog;
import io.conjunct.ingest.batch.Batcher;
import io.conjunct.ingest.batch.KafkaBatchLog;
import io.conjunct.ingest.mapping.Mapping;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.ingest.server.Access;
import io.conjunct.ingest.server.Bytes;
import io.conjunct.ingest.server.ClientToken;
import io.conjunct.ingest.server.Intake;
import io.conjunct.ingest.server.LargeBodies;
import io.conjunct.ingest.server.OtlpGrpcServer;
import io.conjunct.ingest.server.OtlpHttpServer;
import io.conjunct.ingest.server.ReadBuffers;
import io.conjunct.ingest.spool.FaultPoint;
import io.conjunct.ingest.spool.Spool;
import io.conjunct.ingest.spool.SpoolSettings;
import io.grpc.InsecureServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The process beside an application: takes its telemetry over OTLP, keeps what rules can read, and writes it to Kafka in
 * batches. A client is answered when its events are durable in the spool; from there they go to Kafka, whenever that
 * answers. Nothing that waits is unbounded.
 */
public final class Sidecar implements AutoCloseable {
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration DRAIN = Duration.ofSeconds(7);
    private static final Duration ANSWERS = Duration.ofSeconds(1);

    private static final int SHOWN = 20;

    /** Request bodies may take this part of the heap: with those that grow and what always stays, more would not fit. */
    private static final int HEAP_PART = 4;

    private final BatchLog log;
    private final IngestMetrics metrics;
    private final Spool spool;
    private final Batcher batcher;
    private volatile IngestProfile profile;
    private final Workers workers = new Workers();
    private final Access access;
    private final OtlpGrpcServer grpc;
    private final OtlpHttpServer http;

    /**
     * Loads what every sidecar needs before its doors open, by making what is thrown away. Listens nowhere. For a thread
     * that has nothing else to do while the settings are not known yet.
     */
    public static void loadAhead() {
        var unused = new IngestMetrics(new PrometheusRegistry());
        EventLoopGroup loops = Workers.loops(1);
        var unusedDoor = NettyServerBuilder.forAddress(
                        InetSocketAddress.createUnresolved("localhost", 0), InsecureServerCredentials.create())
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .channelType(NioServerSocketChannel.class)
                .build();
        NioServerSocketChannel unbound = new NioServerSocketChannel();
        // Netty reads annotations of each kind of handler, for which Java makes classes.
        unbound.pipeline().addLast(new ChannelInboundHandlerAdapter());
        unbound.unsafe().closeForcibly();
    }

    /** The same that keeps everything until it is told otherwise. */
    public static Sidecar start(SidecarSettings settings, PrometheusRegistry registry) {
        return start(settings, IngestProfile.keepEverything(), registry);
    }

    /**
     * Opens both ports; Kafka may come later, {@link #notReady()} tells.
     *
     * @param profile what is kept from the first request on
     */
    public static Sidecar start(SidecarSettings settings, IngestProfile profile, PrometheusRegistry registry) {
        Sidecar sidecar = open(settings, profile, registry);
        try {
            sidecar.forward();
            return sidecar;
        } catch (RuntimeException e) {
            sidecar.close();
            throw e;
        }
    }

    /**
     * The same without Kafka's client, which takes longer to load than all the rest: clients are answered, what they send
     * waits in the spool for {@link #forward()}.
     */
    public static Sidecar open(SidecarSettings settings, IngestProfile profile, PrometheusRegistry registry) {
        KafkaBatchLog log = new KafkaBatchLog(
                settings.bootstrapServers(), settings.eventsTopic(), settings.sidecarId(), settings.kafkaProperties());
        return new Sidecar(settings, profile, registry, log, Instant::now, FaultPoint.NONE);
    }

    /** The same on another log and clock, perhaps with a sudden end. */
    static Sidecar start(
            SidecarSettings settings,
            PrometheusRegistry registry,
            BatchLog log,
            InstantSource clock,
            FaultPoint faults) {
        Sidecar sidecar = new Sidecar(settings, IngestProfile.keepEverything(), registry, log, clock, faults);
        sidecar.forward();
        return sidecar;
    }

    private Sidecar(
            SidecarSettings settings,
            IngestProfile profile,
            PrometheusRegistry registry,
            BatchLog log,
            InstantSource clock,
            FaultPoint faults) {
        this.log = log;
        this.profile = profile;
        metrics = new IngestMetrics(registry);
        spool = spool(settings.spool(), clock, metrics, faults);
        LargeBodies files = files(settings);
        long tickMillis = settings.tick().toMillis();
        BatchLimits limits = new BatchLimits(
                settings.flushInterval(),
                settings.tick().compareTo(HEARTBEAT) < 0 ? settings.tick() : HEARTBEAT,
                settings.allowedLateness(),
                tickMillis,
                settings.maxInFlightBytes());
        batcher = new Batcher(settings.sidecarId(), limits, spool, log, clock, metrics, faults);
        Mapping mapping = new Mapping(tickMillis, clock.millis(), Mapping.MAX_STREAMS, metrics);
        Bytes bytes =
                new Bytes(settings.maxHttpBodyBytes(), Runtime.getRuntime().maxMemory() / HEAP_PART);
        Intake intake = new Intake(
                mapping,
                batcher,
                clock,
                metrics,
                this::profile,
                settings.ackTimeout(),
                settings.duplicateWindow(),
                bytes,
                workers.large());
        long scarce = settings.spool().maxBytes() / 10 * 9;
        access = new Access(settings.security().tokens(), () -> spool.bytes() >= scarce);
        metrics.requestBytes(bytes::held);
        ReadBuffers buffers = new ReadBuffers();
        try {
            grpc = new OtlpGrpcServer(
                    settings.host(),
                    settings.grpcPort(),
                    settings.maxGrpcMessageBytes(),
                    intake,
                    metrics,
                    workers.loops(),
                    buffers,
                    workers.grpc(),
                    workers.answers(),
                    access,
                    bytes,
                    settings.security().tls(),
                    settings.patience());
        } catch (RuntimeException e) {
            workers.close();
            spool.close();
            throw e;
        }
        try {
            http = new OtlpHttpServer(
                    settings.host(),
                    settings.httpPort(),
                    bytes,
                    files,
                    intake,
                    metrics,
                    workers.loops(),
                    buffers,
                    workers.http(),
                    workers.answers(),
                    faults,
                    access,
                    settings.security().tls(),
                    settings.patience());
        } catch (RuntimeException e) {
            grpc.close();
            workers.close();
            spool.close();
            throw e;
        }
        batcher.start();
    }

    private LargeBodies files(SidecarSettings settings) {
        Path directory = settings.spool().directory();
        try {
            return new LargeBodies(directory, settings.maxHttpBodyBytes());
        } catch (IOException e) {
            spool.close();
            throw new UncheckedIOException("long requests cannot be kept in " + directory, e);
        }
    }

    private static Spool spool(SpoolSettings settings, InstantSource clock, IngestMetrics metrics, FaultPoint faults) {
        try {
            return Spool.open(settings, clock, metrics, faults);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the spool " + settings.directory() + " cannot be opened; give --data a path that can be written",
                    e);
        }
    }

    /**
     * Brings what is spooled to Kafka from now on. Called once, perhaps while another thread closes.
     *
     * @throws org.apache.kafka.common.KafkaException when its client cannot be made of these settings
     */
    public void forward() {
        log.open();
        batcher.forward();
    }

    /** Why events do not reach Kafka at the moment; empty when they do. */
    public Optional<String> notReady() {
        return batcher.notReady();
    }

    /** Cheap enough for every look at a page. */
    public SidecarStatus status() {
        return new SidecarStatus(spool.bytes(), spool.oldestAge(), metrics.topShaped(SHOWN), metrics.privateKeys());
    }

    public int grpcPort() {
        return grpc.port();
    }

    public int httpPort() {
        return http.port();
    }

    /** What is kept of events. */
    public IngestProfile profile() {
        return profile;
    }

    /** Changes who may send, from the next request on; nobody but these. */
    public void tokens(List<ClientToken> tokens) {
        access.replace(tokens);
    }

    /** Changes what is kept, from the next request on. */
    public void profile(IngestProfile newProfile) {
        profile = newProfile;
    }

    /**
     * Refuses new requests, answers those who wait, forwards what it can and says goodbye; at most ten seconds. What is
     * left is in the spool for the next start.
     */
    @Override
    public void close() {
        grpc.drain();
        http.drain();
        batcher.close(DRAIN);
        workers.awaitIdle(http::isIdle, ANSWERS);
        http.close();
        grpc.close();
        workers.close();
        log.close();
        spool.close();
    }
}
