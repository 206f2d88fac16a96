// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import io.conjunct.signal.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A change of rules as a record in the event log: from {@code effectiveMillis} on, these files are the rules. It travels
 * in the same partitions as the events, so that what a record is measured by depends on the log alone.
 *
 * <p>Two publishers may write at the same moment, and their records may stand in another order in each partition. Which
 * of the two stays is said by the records themselves ({@link #supersedes}), so that all partitions agree.
 *
 * @param revision of the files, as shown in alerts and reports
 * @param sequence one more than that of the update its publisher knew; 0 for the first
 * @param effectiveMillis event time of the first pane they decide, Unix milliseconds
 * @param files all rule files
 */
public record RuleUpdate(String revision, long sequence, long effectiveMillis, List<RuleSource> files) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Comparator<RuleUpdate> ORDER = Comparator.comparingLong(RuleUpdate::sequence)
            .thenComparingLong(RuleUpdate::effectiveMillis)
            .thenComparingLong(RuleUpdate::id);

    public RuleUpdate {
        requireNonNull(revision, "revision");
        files = List.copyOf(files);
    }

    /** The first one, where nobody else publishes. */
    public RuleUpdate(String revision, long effectiveMillis, List<RuleSource> files) {
        this(revision, 0, effectiveMillis, files);
    }

    /** Equal exactly when revision, sequence, effective time and files are. */
    public long id() {
        return Fingerprint.bits(revision + sequence + " " + effectiveMillis + files);
    }

    /** Whether this one stays where both would be in force, whichever of them was read first. */
    public boolean supersedes(RuleUpdate other) {
        return ORDER.compare(this, other) > 0;
    }

    /** Whether both put the same files in force under the same revision. */
    public boolean saysTheSameAs(RuleUpdate other) {
        return revision.equals(other.revision) && content() == other.content();
    }

    /** Equal exactly when the files are, whenever and as whatever revision they take effect. */
    public long content() {
        return Fingerprint.bits(files.toString());
    }

    public byte[] encode() {
        ObjectNode node = JSON.createObjectNode();
        node.put("revision", revision);
        node.put("sequence", sequence);
        node.put("effective_at_ms", effectiveMillis);
        ArrayNode array = node.putArray("files");
        for (RuleSource file : files) {
            array.addObject().put("path", file.path()).put("text", file.text());
        }
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #encode()} wrote. */
    public static RuleUpdate decode(byte[] bytes) throws IOException {
        try {
            JsonNode node = JSON.readTree(bytes);
            List<RuleSource> files = new ArrayList<>();
            for (JsonNode file : node.required("files")) {
                files.add(new RuleSource(
                        file.required("path").asText(), file.required("text").asText()));
            }
            return new RuleUpdate(
                    node.required("revision").asText(),
                    node.path("sequence").asLong(),
                    node.required("effective_at_ms").asLong(),
                    files);
        } catch (IllegalArgumentException e) {
            throw new IOException("not a rule update: " + e.getMessage(), e);
        }
    }

    /** Turns an update's files into rules. The same files must always give the same rules. */
    public interface Compiler {
        /** Reads the files as they are in git. They were checked before they were published. */
        Compiler YAML = update -> {
            Loaded loaded = RuleLoader.load(update.files(), update.revision());
            return loaded.ruleSet()
                    .orElseThrow(() -> new IllegalStateException("revision " + update.revision()
                            + " cannot be read by this build: " + loaded.diagnostics()));
        };

        RuleSet compile(RuleUpdate update);
    }
}
