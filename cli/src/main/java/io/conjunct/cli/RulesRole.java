// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.Component.Stage;
import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.cli.reload.Attempt;
import io.conjunct.cli.reload.Attempt.Result;
import io.conjunct.cli.reload.ReloadEndpoint;
import io.conjunct.cli.reload.ReloadMetrics;
import io.conjunct.cli.reload.RuleFollower;
import io.conjunct.cli.reload.RuleLog;
import io.conjunct.cli.reload.RuleReload;
import io.conjunct.cli.reload.RuleWatch;
import io.conjunct.cli.reload.RulesOnDisk;
import io.conjunct.correlate.Correlator;
import io.conjunct.correlate.PublishedRules;
import io.conjunct.correlate.RulesReader;
import io.conjunct.correlate.Topics;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.RuleSource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules as a part of a node: read from its directory at start, and again when the files change, on SIGHUP and on
 * {@code POST /-/reload}. A node without files takes what others publish.
 */
final class RulesRole {
    private RulesRole() {}

    /**
     * Reads the files before anything starts.
     *
     * @throws ConfigurationProblem when they are not good, and this node cannot have better ones from before
     */
    static RulesOnDisk read(EngineOptions engine, KafkaOptions kafka) {
        RulesOnDisk disk = RulesOnDisk.read(engine.rules.get());
        boolean fresh = kafka.embedded() && !Files.exists(kafka.data.get().resolve("kafka"));
        if (disk.ruleSet().isEmpty() && fresh) {
            throw refusal(disk);
        }
        return disk;
    }

    private static ConfigurationProblem refusal(RulesOnDisk disk) {
        return new ConfigurationProblem(disk.complaint()
                + (disk.problem().isEmpty() ? "" : "; give --rules DIR, or watch `conjunct demo` first"));
    }

    /**
     * Publishes the files a node starts with. Where they are not good, the revision that is published already stays; where
     * there is none, nothing can be decided.
     *
     * @throws ConfigurationProblem when there is nothing to decide by
     */
    static RuleReload publish(
            RulesOnDisk disk, Correlator correlator, DataDirectory data, PrometheusRegistry registry) {
        RuleReload reload = new RuleReload(
                disk.directory(),
                data.path().resolve("rules.read"),
                log(correlator),
                new ReloadMetrics(registry),
                InstantSource.system());
        Attempt first = reload.take(disk);
        if (first.result() == Result.REFUSED && first.revision().isEmpty()) {
            throw refusal(disk);
        }
        if (first.result() == Result.FAILED) {
            throw new ConfigurationProblem(first.problem());
        }
        return reload;
    }

    private static RuleLog log(Correlator correlator) {
        return new RuleLog() {
            @Override
            public PublishedRules published() {
                return correlator.published();
            }

            @Override
            public RuleUpdate publish(String revision, List<RuleSource> files) {
                return correlator.publish(revision, files);
            }
        };
    }

    /** Keeps the rules of a node as its files are, from now on. */
    static Component watch(
            NodeStart start, NodeStart.Broker broker, KafkaOptions kafka, Correlator correlator, RuleReload reload) {
        RuleFollower follower = follower(broker, kafka);
        RuleWatch watch = RuleWatch.start(reload.directory(), reload);
        Hangup.to(reload::reload);
        start.mount(Map.of(
                ReloadEndpoint.PATH,
                new ReloadEndpoint(reload),
                ExplainEndpoint.PATH,
                new ExplainEndpoint(follower::known, correlator::latest)));
        return new Component(
                "rules",
                Stage.INTAKE,
                Optional::empty,
                () -> detail(reload.last(), follower.known()),
                () -> reload.last().filter(Attempt::successful).isEmpty(),
                () -> {
                    watch.close();
                    follower.close();
                });
    }

    /** A node without files decides by what others publish. */
    static Component follow(NodeStart start, NodeStart.Broker broker, KafkaOptions kafka, Correlator correlator) {
        RuleFollower follower = follower(broker, kafka);
        start.mount(Map.of(ExplainEndpoint.PATH, new ExplainEndpoint(follower::known, correlator::latest)));
        return new Component(
                "rules",
                Stage.INTAKE,
                () -> follower.known().latest().isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                "nothing is published yet: `conjunct apply DIR --kafka " + kafka.kafka.get() + "`"),
                () -> detail(Optional.empty(), follower.known()),
                follower::close);
    }

    private static RuleFollower follower(NodeStart.Broker broker, KafkaOptions kafka) {
        Topics topics = new Topics(kafka.topicPrefix.get());
        return RuleFollower.start(() -> RulesReader.ofAll(broker.bootstrap(), topics, Map.of()), news -> {});
    }

    private static String detail(Optional<Attempt> last, PublishedRules published) {
        StringBuilder text = new StringBuilder();
        published
                .latest()
                .map(RuleUpdate::revision)
                .or(() -> last.map(Attempt::revision))
                .ifPresent(revision -> text.append("revision ").append(revision));
        published
                .latest()
                .map(published::since)
                .ifPresent(since -> text.append(
                        since.isPresent()
                                ? ", in force since " + Instant.ofEpochMilli(since.getAsLong())
                                : ", in force with the next tick"));
        last.ifPresent(attempt -> text.append(
                switch (attempt.result()) {
                    case APPLIED, UNCHANGED -> "";
                    case OVERRULED ->
                        "; published elsewhere, the files in " + attempt.files().directory() + " are older";
                    case REFUSED ->
                        "; REFUSED at " + attempt.at().truncatedTo(ChronoUnit.SECONDS) + ": "
                                + attempt.files().briefComplaint();
                    case FAILED -> "; at " + attempt.at().truncatedTo(ChronoUnit.SECONDS) + " " + attempt.problem();
                }));
        return text.toString();
    }
}
