// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.file;

import io.conjunct.ingest.otlp.JsonReader;
import io.conjunct.ingest.otlp.MalformedRequestException;
import io.conjunct.ingest.otlp.Signal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file of OTLP JSON lines, read ahead by {@value #AHEAD} lines so that one line's clock can be compared with its
 * neighbours': when its latest time is more than {@value #MAX_AHEAD_MILLIS} ms ahead of the middle one of the lines that
 * follow, some sender's clock was wrong, and the line counts as received when its neighbours were. Lines that cannot be
 * read are passed over and counted. Memory: that many lines. Not thread-safe.
 */
final class OtlpFile implements Closeable {
    static final int AHEAD = 9;
    static final long MAX_AHEAD_MILLIS = 3_600_000;

    private final LineInput input;
    private final JsonReader reader = new JsonReader();
    private final ArrayDeque<OtlpLine> ahead = new ArrayDeque<>();
    private final String name;
    private long lastMillis;
    private long malformed;
    private String firstMalformed = "";

    private OtlpFile(Path path, LineInput input) {
        this.name = path.toString();
        this.input = input;
    }

    static OtlpFile open(Path path) throws IOException {
        OtlpFile file = new OtlpFile(path, LineInput.open(path));
        try {
            file.readAhead();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        return file;
    }

    /** The next line; null at the end. */
    @Nullable
    OtlpLine peek() {
        return ahead.peek();
    }

    /** When the next line was received, as far as it and its neighbours tell; Unix milliseconds. */
    long now() {
        OtlpLine first = ahead.element();
        long[] latest =
                ahead.stream().mapToLong(OtlpLine::latestMillis).sorted().toArray();
        long middle = latest[(latest.length - 1) / 2];
        return first.latestMillis() > middle + MAX_AHEAD_MILLIS ? middle : first.latestMillis();
    }

    /** Takes the next line. */
    OtlpLine take() throws IOException {
        OtlpLine line = ahead.remove();
        readAhead();
        return line;
    }

    private void readAhead() throws IOException {
        while (ahead.size() < AHEAD) {
            byte[] json = input.next();
            if (json == null) {
                return;
            }
            OtlpLine line = line(json);
            if (line != null) {
                ahead.add(line);
            }
        }
    }

    /** Null when there is nothing in it, or nothing that can be read. */
    private @Nullable OtlpLine line(byte[] json) {
        if (isBlank(json)) {
            return null;
        }
        try {
            Optional<Signal> signal = JsonReader.signalOf(json);
            if (signal.isEmpty()) {
                return null;
            }
            LatestTime latest = new LatestTime();
            reader.read(signal.get(), json, latest);
            // Records without any time are as old as the line before.
            lastMillis = latest.millis == Long.MIN_VALUE ? lastMillis : latest.millis;
            return new OtlpLine(input.line(), signal.get(), json, lastMillis);
        } catch (MalformedRequestException e) {
            malformed(input.line(), String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Counts a line that cannot be read. */
    private void malformed(long line, String reason) {
        if (malformed++ == 0) {
            firstMalformed = name + ":" + line + ": " + reason;
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    String name() {
        return name;
    }

    /** How many lines could not be read so far. */
    long malformedLines() {
        return malformed;
    }

    /** Place and reason of the first of them; empty when there is none. */
    String firstMalformed() {
        return firstMalformed;
    }

    /** Why the rest of the file could not be read; empty when it could. */
    String broken() {
        return input.broken();
    }

    long position() {
        return input.position();
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
