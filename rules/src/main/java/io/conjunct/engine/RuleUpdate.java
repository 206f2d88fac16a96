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
import java.util.List;

/**
 * A change of rules as a record in the event log: from {@code effectiveMillis} on, these files are the rules. It travels
 * in the same partitions as the events, so that what a record is measured by depends on the log alone.
 *
 * @param revision of the files, as shown in alerts and reports
 * @param effectiveMillis event time of the first pane they decide, Unix milliseconds
 * @param files all rule files
 */
public record RuleUpdate(String revision, long effectiveMillis, List<RuleSource> files) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public RuleUpdate {
        requireNonNull(revision, "revision");
        files = List.copyOf(files);
    }

    /** Equal exactly when revision, effective time and files are. */
    public long id() {
        return Fingerprint.bits(revision + effectiveMillis + files);
    }

    /** Equal exactly when the files are, whenever and as whatever revision they take effect. */
    public long content() {
        return Fingerprint.bits(files.toString());
    }

    public byte[] encode() {
        ObjectNode node = JSON.createObjectNode();
        node.put("revision", revision);
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
