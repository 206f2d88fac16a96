// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import static java.util.Objects.requireNonNull;

import io.conjunct.engine.RuleUpdate;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sidecar keeps, as the published rules ask for. The last rules are kept in a file, so that a restart without
 * Kafka sends nothing that no rule reads. Rules that this build cannot read change nothing.
 */
public final class FollowedProfile {
    /** Its name in the data directory. */
    public static final String FILE = "rules.followed";

    private static final Logger LOG = LoggerFactory.getLogger(FollowedProfile.class);

    private final Path file;
    private IngestProfile profile = IngestProfile.keepEverything();
    private Consumer<IngestProfile> to = taken -> {};
    private String what = "everything: no rules are known yet";
    private boolean follows = true;

    /** Begins with everything. */
    public FollowedProfile(Path file) {
        this.file = file;
    }

    /** Stays with everything, whatever is published. */
    public synchronized void keepEverything() {
        follows = false;
        what = "everything, as told";
    }

    /** Begins with rules that are not published. */
    public synchronized void begin(RuleSet rules) {
        use(IngestProfile.of(rules), "what the rules of revision " + rules.revision() + " read");
    }

    /** Begins with what was published when it was last known; false when nothing is. */
    public synchronized boolean restore() {
        if (!Files.exists(file)) {
            return false;
        }
        try {
            RuleUpdate update = RuleUpdate.decode(Files.readAllBytes(file));
            Optional<RuleSet> rules = read(update);
            if (rules.isEmpty()) {
                LOG.warn(
                        "The rules of revision {} in {} cannot be read by this release, and are left out",
                        update.revision(),
                        file);
                return false;
            }
            begin(rules.get());
            return true;
        } catch (IOException e) {
            LOG.warn("{} cannot be read, and is left out: {}", file, e.toString());
            return false;
        }
    }

    /** Follows rules that are published. */
    public synchronized void take(RuleUpdate update) {
        if (!follows) {
            return;
        }
        Optional<RuleSet> rules = read(update);
        if (rules.isEmpty()) {
            LOG.error(
                    "The rules of revision {} cannot be read by this release: the sidecar keeps {}",
                    update.revision(),
                    what);
            return;
        }
        IngestProfile next = IngestProfile.of(rules.get());
        if (!next.equals(profile)) {
            LOG.info("The sidecar keeps what the rules of revision {} read: {}", update.revision(), count(next));
        }
        begin(rules.get());
        save(update);
    }

    /** Not by the schema: where a later release has more keys, what this one knows of the rules is better than nothing. */
    private static Optional<RuleSet> read(RuleUpdate update) {
        return RuleLoader.published(update.files(), update.revision()).ruleSet();
    }

    private static String count(IngestProfile profile) {
        return profile.attributes().size() + " attributes and "
                + profile.fields().size() + " numeric fields";
    }

    private void use(IngestProfile next, String description) {
        profile = next;
        what = description;
        to.accept(next);
    }

    private void save(RuleUpdate update) {
        try {
            Path written = file.resolveSibling(requireNonNull(file.getFileName(), "file") + ".new");
            Files.write(written, update.encode());
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}", file, e.toString());
        }
    }

    /** Tells this sidecar now, and whenever it changes. */
    public synchronized void to(Consumer<IngestProfile> sidecar) {
        to = sidecar;
        sidecar.accept(profile);
    }

    public synchronized IngestProfile now() {
        return profile;
    }

    /** In words. */
    public synchronized String what() {
        return what;
    }
}
