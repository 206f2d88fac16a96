// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import io.conjunct.cli.embedded.WholeFile;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sidecar keeps, as the published rules ask for. The last rules are kept in a file, so that a restart without
 * Kafka sends nothing that no rule reads; beside it stands what was made of them, so that a restart is quick. Rules that
 * this build cannot read change nothing.
 */
public final class FollowedProfile {
    /** Its name in the data directory. */
    public static final String FILE = "rules.followed";

    private static final Logger LOG = LoggerFactory.getLogger(FollowedProfile.class);

    private final Path file;
    private final KeptProfile published;

    /** Apart from those that were published, which nobody checked here. */
    private final KeptProfile checked;

    private IngestProfile profile = IngestProfile.keepEverything();
    private Consumer<IngestProfile> to = taken -> {};
    private String what = "everything: no rules are known yet";
    private boolean follows = true;

    /** Begins with everything. */
    public FollowedProfile(Path file) {
        this.file = file;
        this.published = new KeptProfile(file.resolveSibling(file.getFileName() + ".profile"));
        this.checked = new KeptProfile(file.resolveSibling("rules.checked.profile"));
    }

    /** Stays with everything, whatever is published. */
    public synchronized void keepEverything() {
        follows = false;
        what = "everything, as told";
    }

    /**
     * Begins with the rules of a directory, which are not published. They are checked, unless they are exactly those that
     * this build made a profile of last.
     *
     * @return what is wrong with them, in words; then nothing has changed
     */
    public synchronized Optional<String> begin(Path directory) {
        Optional<KeptProfile.Made> known = RulesOnDisk.unchecked(directory).flatMap(checked::of);
        if (known.isPresent()) {
            use(known.get());
            return Optional.empty();
        }
        RulesOnDisk disk = RulesOnDisk.read(directory);
        if (disk.ruleSet().isEmpty()) {
            return Optional.of(disk.complaint());
        }
        use(make(checked, disk.sources(), disk.ruleSet().get()));
        return Optional.empty();
    }

    /** Begins with what was published when it was last known; false when nothing is. */
    public synchronized boolean restore() {
        if (!Files.exists(file)) {
            return false;
        }
        try {
            RuleUpdate update = RuleUpdate.decode(Files.readAllBytes(file));
            Optional<KeptProfile.Made> made = made(update);
            if (made.isEmpty()) {
                LOG.warn(
                        "The rules of revision {} in {} cannot be read by this release, and are left out",
                        update.revision(),
                        file);
                return false;
            }
            use(made.get());
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
        Optional<KeptProfile.Made> made = made(update);
        if (made.isEmpty()) {
            LOG.error(
                    "The rules of revision {} cannot be read by this release: the sidecar keeps {}",
                    update.revision(),
                    what);
            return;
        }
        IngestProfile next = made.get().profile();
        if (!next.equals(profile)) {
            LOG.info("The sidecar keeps what the rules of revision {} read: {}", update.revision(), count(next));
        }
        use(made.get());
        save(update);
    }

    /** As kept; otherwise by reading the rules. */
    private Optional<KeptProfile.Made> made(RuleUpdate update) {
        Optional<KeptProfile.Made> known =
                published.of(update.files()).map(made -> new KeptProfile.Made(update.revision(), made.profile()));
        return known.isPresent() ? known : read(update).map(rules -> make(published, update.files(), rules));
    }

    private static KeptProfile.Made make(KeptProfile kept, List<RuleSource> files, RuleSet rules) {
        KeptProfile.Made made = new KeptProfile.Made(rules.revision(), IngestProfile.of(rules));
        kept.keep(files, made);
        return made;
    }

    /** Not by the schema: where a later release has more keys, what this one knows of the rules is better than nothing. */
    private static Optional<RuleSet> read(RuleUpdate update) {
        return RuleLoader.published(update.files(), update.revision()).ruleSet();
    }

    private static String count(IngestProfile profile) {
        return profile.attributes().size() + " attributes and "
                + profile.fields().size() + " numeric fields";
    }

    private void use(KeptProfile.Made made) {
        profile = made.profile();
        what = "what the rules of revision " + made.revision() + " read";
        to.accept(profile);
    }

    private void save(RuleUpdate update) {
        try {
            WholeFile.write(file, update.encode());
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
