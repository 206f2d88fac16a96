// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.Component.Stage;
import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.ingest.Security;
import io.conjunct.ingest.Sidecar;
import io.conjunct.ingest.SidecarSettings;
import io.conjunct.ingest.profile.IngestProfile;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.Consumer;

/** The sidecar as a part of a node: OTLP in, event batches to Kafka out. */
final class SidecarRole {
    /** How long events wait for company, and their clients for an answer. */
    private static final Duration GROUP = Duration.ofMillis(10);

    private SidecarRole() {}

    static Component start(
            String bootstrap,
            KafkaOptions kafka,
            DataDirectory data,
            ServerOptions server,
            IngestOptions ingest,
            EngineOptions engine,
            PrometheusRegistry registry,
            Consumer<Sidecar> watch) {
        IngestProfile profile = profile(engine, ingest);
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
            sidecar = Sidecar.start(settings, registry);
        } catch (RuntimeException e) {
            throw new ConfigurationProblem(
                    "the sidecar cannot start on " + server.bind + ", ports " + ingest.grpcPort + " and "
                            + ingest.httpPort + ": " + rootMessage(e)
                            + "; choose other --otlp-grpc-port and --otlp-http-port, or 0 for free ones",
                    e);
        }
        sidecar.profile(profile);
        watch.accept(sidecar);
        Runnable stopFollowing = IngestSecurity.follow(ingest, sidecar::tokens);
        return new Component(
                "sidecar",
                Stage.INTAKE,
                sidecar::notReady,
                "OTLP/gRPC " + server.bind + ":" + sidecar.grpcPort() + ", OTLP/HTTP " + server.bind + ":"
                        + sidecar.httpPort(),
                () -> {
                    stopFollowing.run();
                    sidecar.close();
                });
    }

    /** What the rules read; everything where there are no rules, as beside an application of a fleet. */
    private static IngestProfile profile(EngineOptions engine, IngestOptions ingest) {
        if (ingest.keepAllEvents || !Files.exists(engine.rules)) {
            return IngestProfile.keepEverything();
        }
        return IngestProfile.of(RuleDirectory.load(engine.rules).ruleSet().orElseThrow());
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
