// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.Component.Stage;
import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.cli.reload.FollowedProfile;
import io.conjunct.cli.reload.RuleFollower;
import io.conjunct.correlate.RulesReader;
import io.conjunct.correlate.Topics;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.ingest.Security;
import io.conjunct.ingest.Sidecar;
import io.conjunct.ingest.SidecarSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The sidecar as a part of a node: OTLP in, event batches to Kafka out. In two steps: first its doors are opened, and
 * what clients send waits in the spool; then Kafka's clients are loaded, which takes as long again.
 */
final class SidecarRole {
    /** How long events wait for company, and their clients for an answer. */
    private static final Duration GROUP = Duration.ofMillis(10);

    private final String bootstrap;
    private final KafkaOptions kafka;
    private final ServerOptions server;
    private final FollowedProfile profile;
    private final Sidecar sidecar;
    private final Runnable stopFollowingTokens;
    private Optional<RuleFollower> follower = Optional.empty();
    private boolean closed;

    private SidecarRole(
            String bootstrap,
            KafkaOptions kafka,
            ServerOptions server,
            IngestOptions ingest,
            FollowedProfile profile,
            Sidecar sidecar) {
        this.bootstrap = bootstrap;
        this.kafka = kafka;
        this.server = server;
        this.profile = profile;
        this.sidecar = sidecar;
        this.stopFollowingTokens = IngestSecurity.follow(ingest, sidecar::tokens);
    }

    /**
     * Asks for the OTLP ports before anything else is started for nothing.
     *
     * @throws ConfigurationProblem when one is taken, with the option that chooses another
     */
    static void probe(ServerOptions server, IngestOptions ingest) {
        probe(server, ingest.grpcPort.get(), "--otlp-grpc-port");
        probe(server, ingest.httpPort.get(), "--otlp-http-port");
    }

    private static void probe(ServerOptions server, int port, String option) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(server.bind.get(), port));
        } catch (IOException e) {
            throw server.cannotListen(port, option, e);
        }
    }

    /**
     * Opens the doors.
     *
     * @param published what the rules topic is known to say; empty where it has not been asked
     * @throws ConfigurationProblem when a port is taken, or the spool cannot be used
     */
    static SidecarRole open(
            String bootstrap,
            KafkaOptions kafka,
            DataDirectory data,
            ServerOptions server,
            IngestOptions ingest,
            EngineOptions engine,
            Optional<RuleUpdate> published,
            PrometheusRegistry registry) {
        FollowedProfile profile = new FollowedProfile(data.path().resolve(FollowedProfile.FILE));
        if (ingest.keepAllEvents.get()) {
            profile.keepEverything();
        } else {
            begin(profile, published, engine);
        }
        Security security = IngestSecurity.of(ingest, server);
        SidecarSettings settings;
        try {
            settings = SidecarSettings.of(bootstrap, data.node(), data.path().resolve("spool"))
                    .withTopicPrefix(kafka.topicPrefix.get())
                    .withAddress(server.bind.get(), ingest.grpcPort.get(), ingest.httpPort.get())
                    .withTimes(engine.tick.get(), engine.allowedLateness.get(), GROUP)
                    .withSecurity(security);
        } catch (IllegalArgumentException e) {
            throw ConfigurationProblem.of(e);
        }
        Sidecar sidecar;
        try {
            sidecar = Sidecar.open(settings, profile.now(), registry);
        } catch (RuntimeException e) {
            // Which of the two it is.
            probe(server, ingest);
            throw new ConfigurationProblem(
                    "the sidecar cannot start on " + server.bind.get() + ", ports " + ingest.grpcPort.get() + " and "
                            + ingest.httpPort.get() + ": " + rootMessage(e),
                    e);
        }
        profile.to(sidecar::profile);
        return new SidecarRole(bootstrap, kafka, server, ingest, profile, sidecar);
    }

    /** With its doors open. */
    Component component() {
        String ports = "OTLP/gRPC " + server.bind.get() + ":" + sidecar.grpcPort() + ", OTLP/HTTP " + server.bind.get()
                + ":" + sidecar.httpPort();
        return new Component(
                "sidecar", Stage.INTAKE, sidecar::notReady, () -> ports + "; keeps " + profile.what(), this::close);
    }

    /** For those who want to know what comes in. */
    Sidecar sidecar() {
        return sidecar;
    }

    /**
     * Brings to Kafka what came in, and follows what is published there. Kafka itself may come later. Called once,
     * perhaps while another thread closes.
     *
     * @throws ConfigurationProblem when Kafka's client cannot be made of the settings
     */
    void forward() {
        try {
            sidecar.forward();
        } catch (RuntimeException e) {
            throw new ConfigurationProblem(
                    "--kafka " + bootstrap + ": " + rootMessage(e) + " (expected: host:port[,host:port])", e);
        }
        follow();
    }

    private synchronized void follow() {
        if (!closed) {
            follower = Optional.of(RuleFollower.start(
                    () -> RulesReader.ofLatest(bootstrap, new Topics(kafka.topicPrefix.get()), Map.of()),
                    news -> news.latest().ifPresent(profile::take)));
        }
    }

    private void close() {
        synchronized (this) {
            closed = true;
            follower.ifPresent(RuleFollower::close);
        }
        stopFollowingTokens.run();
        sidecar.close();
    }

    /** What is published counts; then what was published when Kafka was last there; then the files of this machine. */
    private static void begin(FollowedProfile profile, Optional<RuleUpdate> published, EngineOptions engine) {
        if (published.isPresent()) {
            profile.take(published.get());
        } else if (!profile.restore() && Files.exists(engine.rules.get())) {
            Optional<String> complaint = profile.begin(engine.rules.get());
            if (complaint.isPresent()) {
                throw new ConfigurationProblem(complaint.get());
            }
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
