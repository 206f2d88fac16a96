// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import io.conjunct.cli.embedded.WholeFile;
import io.conjunct.cli.reload.Attempt.Result;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.RuleChanges;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings rule files into the log, when they are good and when they are new. A bad set never takes the place of a good
 * one. A node publishes what has changed in its own files since it last read them, nothing else: so one whose files lag
 * behind the others' does not take their change back, not even when it restarts.
 */
public final class RuleReload {
    private static final Logger LOG = LoggerFactory.getLogger(RuleReload.class);

    private final Path directory;
    /** Holds the content that was read last, in hexadecimal. */
    private final Path memory;

    private final RuleLog log;
    private final ReloadMetrics metrics;
    private final InstantSource clock;
    private volatile @Nullable Attempt last;
    private String complained = "";

    /**
     * @param directory of the rule files
     * @param memory a file of this node, to know after a restart what was read last
     */
    public RuleReload(Path directory, Path memory, RuleLog log, ReloadMetrics metrics, InstantSource clock) {
        this.directory = directory;
        this.memory = memory;
        this.log = log;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Where the files are. */
    public Path directory() {
        return directory;
    }

    /** Reads the directory as it is now, and publishes what is new in it. One at a time, so that the last look counts. */
    public synchronized Attempt reload() {
        return take(RulesOnDisk.read(directory));
    }

    /** The same with files that have just been read. */
    public synchronized Attempt take(RulesOnDisk disk) {
        Attempt attempt = attempt(disk);
        last = attempt;
        metrics.count(attempt);
        say(attempt);
        return attempt;
    }

    /** How the last one went; empty before the first. */
    public Optional<Attempt> last() {
        return Optional.ofNullable(last);
    }

    private Attempt attempt(RulesOnDisk disk) {
        Optional<RuleUpdate> before;
        try {
            before = log.published().latest();
        } catch (RuntimeException e) {
            return attempt(Result.FAILED, disk, "", "", "Kafka does not tell which rules are in force: " + e);
        }
        String current = before.map(RuleUpdate::revision).orElse("");
        Optional<RuleSet> rules = disk.ruleSet();
        if (rules.isEmpty()) {
            return attempt(Result.REFUSED, disk, current, "", disk.complaint());
        }
        if (before.isPresent() && !isNew(disk, before.get())) {
            boolean elsewhere = before.get().content() != disk.content();
            remember(disk);
            return attempt(elsewhere ? Result.OVERRULED : Result.UNCHANGED, disk, current, "", "");
        }
        try {
            log.publish(disk.revision(), disk.files());
        } catch (RuntimeException e) {
            return attempt(Result.FAILED, disk, current, "", "the rules were not published: " + e.getMessage());
        }
        remember(disk);
        String changes = before.flatMap(RuleReload::compiled)
                .map(old -> RuleChanges.between(old, rules.get()).toString())
                .orElse("");
        return attempt(Result.APPLIED, disk, disk.revision(), changes, "");
    }

    private boolean isNew(RulesOnDisk disk, RuleUpdate published) {
        if (published.content() == disk.content()) {
            // Committed meanwhile: alerts should name the commit.
            return published.revision().contains("-dirty-") && !disk.revision().contains("-dirty-");
        }
        return !Long.toHexString(disk.content()).equals(remembered());
    }

    private Attempt attempt(Result result, RulesOnDisk disk, String revision, String changes, String problem) {
        return new Attempt(result, disk, revision, changes, problem, clock.instant());
    }

    /** Another release may have published what this one cannot read. */
    static Optional<RuleSet> compiled(RuleUpdate update) {
        try {
            return Optional.of(RuleUpdate.Compiler.YAML.compile(update));
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    private String remembered() {
        try {
            return Files.exists(memory) ? Files.readString(memory).strip() : "";
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", memory, e.toString());
            return "";
        }
    }

    private void remember(RulesOnDisk disk) {
        String content = Long.toHexString(disk.content());
        if (content.equals(remembered())) {
            return;
        }
        try {
            WholeFile.write(memory, (content + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be written; the next start will publish the rules here again: {}", memory, e.toString());
        }
    }

    private static String consequence(Attempt attempt) {
        if (attempt.result() == Result.FAILED) {
            return "What is in force stays; it is tried again every few seconds.";
        }
        return attempt.revision().isEmpty()
                ? "No rules are in force."
                : "Revision " + attempt.revision() + " stays in force.";
    }

    /** A complaint is logged when it is new, not as often as somebody asks. */
    private void say(Attempt attempt) {
        switch (attempt.result()) {
            case APPLIED ->
                LOG.info(
                        "Rules of revision {} published{}",
                        attempt.revision(),
                        attempt.changes().isEmpty() ? "" : ": " + attempt.changes());
            case OVERRULED -> {
                if (!attempt.revision().equals(complained)) {
                    LOG.info(
                            "The rules in {} are as they were when they were last read, and revision {} was published"
                                    + " since then: that one stays. `conjunct apply` publishes these.",
                            directory,
                            attempt.revision());
                }
            }
            case UNCHANGED -> {
                if (complained.isEmpty()) {
                    LOG.debug("the rules in {} are unchanged", directory);
                } else {
                    LOG.info("The rules in {} are good again: revision {}", directory, attempt.revision());
                }
            }
            case REFUSED, FAILED -> {
                if (!attempt.problem().equals(complained)) {
                    LOG.error("{}\n{}", attempt.problem(), consequence(attempt));
                }
            }
        }
        complained = attempt.result() == Result.OVERRULED ? attempt.revision() : attempt.problem();
    }
}
