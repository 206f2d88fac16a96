// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.Component.Stage;
import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.cli.reload.FollowedProfile;
import io.conjunct.cli.reload.RuleFollower;
import io.conjunct.cli.reload.RulesOnDisk;
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
import java.util.function.Consumer;

/** The sidecar as a part of a node: OTLP in, event batches to Kafka out. */
final class SidecarRole {
    /** How long events wait for company, and their clients for an answer. */
    private static final Duration GROUP = Duration.ofMillis(10);

    private SidecarRole() {}

    /**
     * Asks for the OTLP ports before anything else is started for nothing.
     *
     * @throws ConfigurationProblem when one is taken, with the option that chooses another
     */
    static void probe(ServerOptions server, IngestOptions ingest) {
        probe(server.bind, ingest.grpcPort, "--otlp-grpc-port");
        probe(server.bind, ingest.httpPort, "--otlp-http-port");
    }

    private static void probe(String bind, int port, String option) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(bind, port));
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    "the sidecar cannot listen on " + bind + ":" + port + ": " + e.getMessage() + "; choose another "
                            + option + ", or 0 for a free one",
                    e);
        }
    }

    /**
     * @param published what the rules topic is known to say; empty where it has not been asked
     */
    static Component start(
            String bootstrap,
            KafkaOptions kafka,
            DataDirectory data,
            ServerOptions server,
            IngestOptions ingest,
            EngineOptions engine,
            Optional<RuleUpdate> published,
            PrometheusRegistry registry,
            Consumer<Sidecar> watch) {
        FollowedProfile profile = new FollowedProfile(data.path().resolve(FollowedProfile.FILE));
        if (ingest.keepAllEvents) {
            profile.keepEverything();
        } else {
            begin(profile, published, engine);
        }
        Security security = IngestSecurity.of(ingest, server);
        SidecarSettings settings;
        try {
            settings = SidecarSettings.of(bootstrap, data.node(), data.path().resolve("spool"))
                    .withTopicPrefix(kafka.topicPrefix)
                    .withAddress(server.bind, ingest.grpcPort, ingest.httpPort)
                    .withTimes(engine.tick, engine.allowedLateness, GROUP)
                    .withSecurity(security);
        } catch (IllegalArgumentException e) {
            throw ConfigurationProblem.of(e);
        }
        Sidecar sidecar;
        try {
            sidecar = Sidecar.start(settings, profile.now(), registry);
        } catch (RuntimeException e) {
            throw new ConfigurationProblem(
                    "the sidecar cannot start on " + server.bind + ", ports " + ingest.grpcPort + " and "
                            + ingest.httpPort + ": " + rootMessage(e)
                            + "; choose other --otlp-grpc-port and --otlp-http-port, or 0 for free ones",
                    e);
        }
        profile.to(sidecar::profile);
        watch.accept(sidecar);
        RuleFollower follower = RuleFollower.start(
                () -> RulesReader.ofLatest(bootstrap, new Topics(kafka.topicPrefix), Map.of()),
                news -> news.latest().ifPresent(profile::take));
        Runnable stopFollowing = IngestSecurity.follow(ingest, sidecar::tokens);
        String ports = "OTLP/gRPC " + server.bind + ":" + sidecar.grpcPort() + ", OTLP/HTTP " + server.bind + ":"
                + sidecar.httpPort();
        return new Component(
                "sidecar", Stage.INTAKE, sidecar::notReady, () -> ports + "; keeps " + profile.what(), () -> {
                    follower.close();
                    stopFollowing.run();
                    sidecar.close();
                });
    }

    /** What is published counts; then what was published when Kafka was last there; then the files of this machine. */
    private static void begin(FollowedProfile profile, Optional<RuleUpdate> published, EngineOptions engine) {
        if (published.isPresent()) {
            profile.take(published.get());
        } else if (!profile.restore() && Files.exists(engine.rules)) {
            RulesOnDisk disk = RulesOnDisk.read(engine.rules);
            profile.begin(disk.ruleSet().orElseThrow(() -> new ConfigurationProblem(disk.complaint())));
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
