// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import io.conjunct.signal.Fingerprint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    private static final JsonFactory JSON = new JsonFactory();
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("revision", revision);
            json.writeNumberField("sequence", sequence);
            json.writeNumberField("effective_at_ms", effectiveMillis);
            json.writeArrayFieldStart("files");
            for (RuleSource file : files) {
                json.writeStartObject();
                json.writeStringField("path", file.path());
                json.writeStringField("text", file.text());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #encode()} wrote; by token, since a tree is a library more in a sidecar's memory. */
    public static RuleUpdate decode(byte[] bytes) throws IOException {
        Optional<String> revision = Optional.empty();
        Optional<Long> effective = Optional.empty();
        Optional<List<RuleSource>> files = Optional.empty();
        long sequence = 0;
        try (JsonParser json = JSON.createParser(bytes)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "an object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "revision" -> revision = Optional.of(json.getValueAsString(""));
                    case "sequence" -> sequence = json.getValueAsLong();
                    case "effective_at_ms" -> effective = Optional.of(json.getValueAsLong());
                    case "files" -> files = Optional.of(files(json));
                    default -> json.skipChildren();
                }
            }
        }
        require(revision.isPresent() && effective.isPresent() && files.isPresent(), "revision, effective_at_ms, files");
        return new RuleUpdate(revision.get(), sequence, effective.get(), files.get());
    }

    private static List<RuleSource> files(JsonParser json) throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY, "files as an array");
        List<RuleSource> files = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            Map<String, String> file = new HashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                file.put(name, json.getValueAsString(""));
                json.skipChildren();
            }
            String path = file.get("path");
            String text = file.get("text");
            if (path == null || text == null) {
                throw new IOException("not a rule update (expected: path and text of each file)");
            }
            files.add(new RuleSource(path, text));
        }
        require(json.currentToken() == JsonToken.END_ARRAY, "objects in files");
        return files;
    }

    private static void require(boolean condition, String expected) throws IOException {
        if (!condition) {
            throw new IOException("not a rule update (expected: " + expected + ")");
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
