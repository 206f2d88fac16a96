// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Table;
import io.conjunct.cli.reload.RulesOnDisk;
import io.conjunct.correlate.PublishedRules;
import io.conjunct.correlate.RulePublisher;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.RuleChanges;
import io.conjunct.rule.RuleSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conjunct apply}: puts a directory of rules in force in a fleet. */
@Command(
        name = "apply",
        description =
                "Put rules in force: check them, publish them to Kafka, and wait until all correlators decide by them.",
        exitCodeList = {
            "0:in force, or already so",
            "1:an error in the rules, or not confirmed in time",
            "2:no rules there",
            "78:no Kafka broker, or nothing that reads rules there"
        })
final class ApplyCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(200);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            defaultValue = "rules",
            description = "Rule files, *.yaml (default: ${DEFAULT-VALUE}).")
    private Path directory = Path.of("rules");

    @Option(names = "--kafka", paramLabel = "HOST:PORT", required = true, description = "A Kafka broker.")
    private String kafka = "";

    @Mixin
    private final TopicOptions topics = new TopicOptions();

    @Option(names = "--dry-run", description = "Only show what would change.")
    private boolean dryRun;

    @Option(names = "--no-wait", description = "Do not wait until the correlators decide by the rules.")
    private boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "2m",
            converter = DurationConverter.class,
            description = "How long to wait for them (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofMinutes(2);

    @Option(
            names = "--tick",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "The correlators' tick, where none has said it yet (default: ${DEFAULT-VALUE}).")
    private Duration tick = Duration.ofSeconds(10);

    @Override
    public Integer call() {
        RulesOnDisk disk = RulesOnDisk.read(directory);
        if (!disk.problem().isEmpty()) {
            throw new LoadProblem(disk.problem());
        }
        if (disk.ruleSet().isEmpty()) {
            spec.commandLine().getErr().println("conjunct: " + disk.complaint() + "\nNothing was published.");
            return Conjunct.EXIT_FINDINGS;
        }
        BrokerProbe.requireAnswer(kafka);
        try (RulePublisher publisher = new RulePublisher(kafka, topics.topics(), Map.of())) {
            return apply(disk, disk.ruleSet().get(), publisher);
        } catch (KafkaException | IllegalStateException e) {
            throw new ConfigurationProblem("the rules were not applied: " + e.getMessage(), e);
        }
    }

    private int apply(RulesOnDisk disk, RuleSet rules, RulePublisher publisher) {
        PrintWriter out = spec.commandLine().getOut();
        int tasks = publisher
                .tasks()
                .orElseThrow(() -> new ConfigurationProblem("there is no topic " + topics.prefix
                        + "* at " + kafka + " that would take rules: start `conjunct correlate --kafka " + kafka
                        + "` first, or correct --topic-prefix"));
        PublishedRules published = publisher.published();
        Optional<RuleUpdate> before = published.latest();
        RuleUpdate wanted = new RuleUpdate(disk.revision(), 0, disk.files());
        out.println("revision " + before.map(RuleUpdate::revision).orElse("none") + " -> " + disk.revision());
        show(RuleChanges.between(before.map(ApplyCommand::compiled).orElse(new RuleSet("", List.of())), rules), out);
        if (dryRun) {
            out.println("nothing was published");
        } else if (before.filter(wanted::saysTheSameAs).isPresent()) {
            out.println("published already");
            return noWait ? Conjunct.EXIT_OK : await(wanted, before.get(), tasks, publisher, out);
        } else {
            Duration known = published.tickMillis().stream()
                    .mapToObj(Duration::ofMillis)
                    .findFirst()
                    .orElse(tick);
            RuleUpdate update = publisher.publish(disk.revision(), disk.files(), known, InstantSource.system());
            out.println("published; decides from " + Instant.ofEpochMilli(update.effectiveMillis()) + " on");
            return noWait ? Conjunct.EXIT_OK : await(wanted, update, tasks, publisher, out);
        }
        out.flush();
        return Conjunct.EXIT_OK;
    }

    private static RuleSet compiled(RuleUpdate update) {
        try {
            return RuleUpdate.Compiler.YAML.compile(update);
        } catch (IllegalStateException e) {
            // Of another release: everything is new then.
            return new RuleSet(update.revision(), List.of());
        }
    }

    private static void show(RuleChanges changes, PrintWriter out) {
        if (!changes.changes().isEmpty()) {
            Table table = new Table(4, "rule", "group", "change", "what becomes of it");
            changes.changes()
                    .forEach(change -> table.row(List.of(
                            change.rule(),
                            change.group(),
                            change.kind().word(),
                            change.kind().effect())));
            table.text().forEach(line -> out.println("  " + line));
        }
        out.println("  " + changes.unchanged() + " unchanged");
        out.flush();
    }

    private int await(RuleUpdate wanted, RuleUpdate update, int tasks, RulePublisher publisher, PrintWriter out) {
        long begin = System.nanoTime();
        PublishedRules now = publisher.published(Duration.ZERO);
        while (now.tasksThatDecideBy(wanted) < tasks) {
            if (now.latest()
                    .filter(latest -> !latest.saysTheSameAs(wanted) && latest.supersedes(update))
                    .isPresent()) {
                out.println(
                        "revision " + now.latest().get().revision() + " was published meanwhile and takes its place");
                out.flush();
                return Conjunct.EXIT_FINDINGS;
            }
            if (System.nanoTime() - begin > timeout.toNanos()) {
                out.println(now.tasksThatDecideBy(wanted) + " of " + tasks + " tasks decide by it after "
                        + timeout.toSeconds() + " s; is a correlator running? It takes effect as soon as one does.");
                out.flush();
                return Conjunct.EXIT_FINDINGS;
            }
            now = publisher.published(POLL);
        }
        out.println("in force since " + Instant.ofEpochMilli(now.since(wanted).orElseThrow()) + ", " + tasks + " of "
                + tasks + " tasks decide by it");
        out.flush();
        return Conjunct.EXIT_OK;
    }
}
