// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import io.conjunct.cli.embedded.WholeFile;
import io.conjunct.event.Kind;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSource;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Selector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last profile that was made of rules, in a file together with these very rules: to read and check them takes longer
 * than all the rest of a sidecar's start. It counts only for exactly these files and exactly this build.
 *
 * <p>The file: its form, the CRC-32 of what follows, the build, the files, their revision, the profile. Numbers and texts
 * as {@link DataOutputStream} writes them, a text as its length in bytes and UTF-8.
 */
final class KeptProfile {
    /** Raise it when what is written changes; what was written before is then made again. */
    private static final int FORM = 1;

    private static final int HEAD = Integer.BYTES + Long.BYTES;
    private static final Logger LOG = LoggerFactory.getLogger(KeptProfile.class);

    private final Path file;
    private final String build;

    /**
     * A profile with its rules' revision: that of the files when they were checked, which other commits may have too.
     */
    record Made(String revision, IngestProfile profile) {}

    KeptProfile(Path file) {
        this(file, thisBuild());
    }

    /** @param build differs where the same rules may give another profile */
    KeptProfile(Path file, String build) {
        this.file = file;
        this.build = build;
    }

    /** What this build made of exactly these files; empty when it made something of others last. */
    Optional<Made> of(List<RuleSource> files) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return read(Files.readAllBytes(file), files);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be read, and is left out; the rules are read again: {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** Keeps what was made of these files for the next start. */
    void keep(List<RuleSource> files, Made made) {
        try {
            WholeFile.write(file, encode(files, made));
        } catch (IOException e) {
            LOG.warn("{} cannot be written, so the next start has to read the rules again: {}", file, e.toString());
        }
    }

    private byte[] encode(List<RuleSource> files, Made made) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Writing out = new Writing(new DataOutputStream(body));
        out.text(build);
        out.number(files.size());
        for (RuleSource each : files) {
            out.text(each.path());
            out.text(each.text());
        }
        out.text(made.revision());
        out.profile(made.profile());
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        DataOutputStream head = new DataOutputStream(whole);
        head.writeInt(FORM);
        head.writeLong(sum(body.toByteArray(), 0));
        body.writeTo(whole);
        return whole.toByteArray();
    }

    private Optional<Made> read(byte[] bytes, List<RuleSource> files) throws IOException {
        DataInputStream stream = new DataInputStream(new ByteArrayInputStream(bytes));
        if (stream.readInt() != FORM) {
            return Optional.empty();
        }
        if (stream.readLong() != sum(bytes, HEAD)) {
            throw new IOException("it is damaged");
        }
        Reading in = new Reading(stream);
        if (!in.text().equals(build) || in.number() != files.size()) {
            return Optional.empty();
        }
        for (RuleSource each : files) {
            if (!in.text().equals(each.path()) || !in.text().equals(each.text())) {
                return Optional.empty();
            }
        }
        return Optional.of(new Made(in.text(), in.profile()));
    }

    private static long sum(byte[] bytes, int from) {
        CRC32 sum = new CRC32();
        sum.update(bytes, from, bytes.length - from);
        return sum.getValue();
    }

    /** By the jars that read rules and make profiles of them, since two builds may have the same version. */
    private static String thisBuild() {
        return seen(RuleLoader.class) + ", " + seen(IngestProfile.class);
    }

    private static String seen(Class<?> part) {
        CodeSource source = part.getProtectionDomain().getCodeSource();
        try {
            Path jar = Path.of(source.getLocation().toURI());
            return jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar);
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("cannot see " + source + ", where this program is", e);
        }
    }

    /** Writes the parts of a profile. */
    private record Writing(DataOutputStream out) {
        void profile(IngestProfile profile) throws IOException {
            out.writeBoolean(profile.everything());
            texts(profile.attributes());
            texts(profile.fields());
            out.writeBoolean(profile.readers().isPresent());
            List<Selector> readers = profile.readers().orElse(List.of());
            number(readers.size());
            for (Selector each : readers) {
                selector(each);
            }
            out.writeBoolean(profile.exceptionTypes().isPresent());
            texts(profile.exceptionTypes().orElse(Set.of()));
        }

        private void selector(Selector selector) throws IOException {
            text(selector.kind().name());
            text(selector.name());
            number(selector.where().size());
            for (Matcher each : selector.where()) {
                text(each.attribute());
                out.writeBoolean(each.negated());
                texts(each.values());
                text(each.regex());
            }
        }

        void texts(Collection<String> texts) throws IOException {
            number(texts.size());
            for (String each : texts) {
                text(each);
            }
        }

        void text(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            number(bytes.length);
            out.write(bytes);
        }

        void number(int number) throws IOException {
            out.writeInt(number);
        }
    }

    /** Reads the same in the same order; the sum vouches for lengths. */
    private record Reading(DataInputStream in) {
        IngestProfile profile() throws IOException {
            boolean everything = in.readBoolean();
            Set<String> attributes = new LinkedHashSet<>(texts());
            Set<String> fields = new LinkedHashSet<>(texts());
            boolean selects = in.readBoolean();
            int count = number();
            List<Selector> readers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                readers.add(selector());
            }
            boolean namesTypes = in.readBoolean();
            Set<String> types = new LinkedHashSet<>(texts());
            return new IngestProfile(
                    everything,
                    attributes,
                    fields,
                    selects ? Optional.of(readers) : Optional.empty(),
                    namesTypes ? Optional.of(types) : Optional.empty());
        }

        private Selector selector() throws IOException {
            Kind kind = Kind.valueOf(text());
            String name = text();
            int count = number();
            List<Matcher> where = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                where.add(new Matcher(text(), in.readBoolean(), texts(), text()));
            }
            return new Selector(kind, name, where);
        }

        List<String> texts() throws IOException {
            int count = number();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                texts.add(text());
            }
            return texts;
        }

        String text() throws IOException {
            return new String(in.readNBytes(number()), StandardCharsets.UTF_8);
        }

        int number() throws IOException {
            return in.readInt();
        }
    }
}
