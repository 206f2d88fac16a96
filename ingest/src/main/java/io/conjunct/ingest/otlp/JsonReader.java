// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads an OTLP export request in JSON encoding token by token: ids are hexadecimal, enums are numbers, 64-bit numbers may
 * be text, {@code null} is absent, unknown keys are ignored. Where a part stands before the part that explains it (scopes
 * before their resource), it is set aside as bytes and read afterwards.
 *
 * <p>Limits: nesting {@value #MAX_DEPTH}, numbers of 100 digits, keys of 1,024 bytes; the body's length is the caller's.
 * Source: "JSON Protobuf Encoding" of the OTLP specification 1.11.
 */
public final class JsonReader {
    private static final int MAX_DEPTH = 256;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(100)
                    .maxNameLength(1_024)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final JsonAttributes attributes = new JsonAttributes();
    private final JsonMetrics metrics = new JsonMetrics(attributes);

    /**
     * What an object holds whose sort nobody told, as a line of a file: that of its first key that is known; empty when it
     * has none.
     */
    public static Optional<Signal> signalOf(byte[] object) throws MalformedRequestException {
        try (JsonParser parser = FACTORY.createParser(object)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedRequestException("an OTLP request in JSON has to be an object");
            }
            JsonObject in = new JsonObject(parser, object);
            while (in.nextKey()) {
                for (Signal signal : Signal.values()) {
                    if (in.keyIs(signal.jsonLists().get(0))) {
                        return Optional.of(signal);
                    }
                }
                in.skip();
            }
            return Optional.empty();
        } catch (MalformedRequestException e) {
            throw e;
        } catch (IOException e) {
            throw new MalformedRequestException("not JSON", e);
        }
    }

    /** A parser within the limits of this reader; closes the stream when it is closed. */
    public static JsonParser parser(InputStream in) throws IOException {
        return FACTORY.createParser(in);
    }

    /** Reads a whole request. Nothing is promised about what the visitor saw when this throws. */
    public void read(Signal signal, byte[] request, OtlpVisitor visitor) throws MalformedRequestException {
        read(signal, request, request.length, visitor);
    }

    /** Reads a whole request, which may be followed by other bytes. */
    public void read(Signal signal, byte[] request, int length, OtlpVisitor visitor) throws MalformedRequestException {
        attributes.serve(signal == Signal.METRICS);
        String list = signal.jsonLists().get(0);
        try (JsonParser parser = FACTORY.createParser(request, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedRequestException("a JSON request has to be an object");
            }
            JsonObject in = new JsonObject(parser, request);
            while (in.nextKey()) {
                if (in.keyIs(list)) {
                    in.forEachObject(() -> ofResource(signal, in, visitor));
                } else {
                    in.skip();
                }
            }
            if (parser.nextToken() != null) {
                throw new MalformedRequestException("something follows the JSON object");
            }
        } catch (MalformedRequestException e) {
            throw e;
        } catch (IOException e) {
            throw new MalformedRequestException("not an OTLP " + signal.label() + " request in JSON encoding", e);
        }
    }

    private void ofResource(Signal signal, JsonObject in, OtlpVisitor visitor) throws IOException {
        String list = signal.jsonLists().get(1);
        boolean resource = false;
        byte[] early = null;
        while (in.nextKey()) {
            if (in.keyIs("resource")) {
                in.object(() -> {
                    while (in.nextKey()) {
                        if (in.keyIs("attributes")) {
                            attributes.read(in, visitor);
                        } else {
                            in.skip();
                        }
                    }
                });
                if (!resource) {
                    resource = true;
                    visitor.resource();
                }
            } else if (in.keyIs(list)) {
                if (resource) {
                    in.forEachObject(() -> ofScope(signal, in, visitor));
                } else {
                    early = in.setAside();
                }
            } else {
                in.skip();
            }
        }
        if (!resource) {
            visitor.resource();
        }
        if (early != null) {
            JsonObject later = reopen(early);
            later.forEachObject(() -> ofScope(signal, later, visitor));
        }
    }

    private void ofScope(Signal signal, JsonObject in, OtlpVisitor visitor) throws IOException {
        String list = signal.jsonLists().get(2);
        String[] scope = {""};
        boolean named = signal != Signal.METRICS;
        byte[] early = null;
        while (in.nextKey()) {
            if (in.keyIs("scope")) {
                in.object(() -> {
                    while (in.nextKey()) {
                        if (in.keyIs("name")) {
                            scope[0] = in.text();
                        } else {
                            in.skip();
                        }
                    }
                });
                if (!named) {
                    named = true;
                    visitor.scope(scope[0]);
                }
            } else if (in.keyIs(list)) {
                if (named) {
                    in.forEachObject(() -> record(signal, in, visitor));
                } else {
                    early = in.setAside();
                }
            } else {
                in.skip();
            }
        }
        if (early != null) {
            visitor.scope(scope[0]);
            JsonObject later = reopen(early);
            later.forEachObject(() -> record(signal, later, visitor));
        }
    }

    private void record(Signal signal, JsonObject in, OtlpVisitor visitor) throws IOException {
        switch (signal) {
            case TRACES -> span(in, visitor);
            case LOGS -> logRecord(in, visitor);
            case METRICS -> metrics.read(in, visitor);
        }
    }

    private void span(JsonObject in, OtlpVisitor visitor) throws IOException {
        String name = "";
        String trace = "";
        String span = "";
        int kind = 0;
        long start = 0;
        long end = 0;
        int[] status = {0};
        while (in.nextKey()) {
            switch (in.key()) {
                case "name" -> name = in.text();
                case "traceId" -> trace = in.text();
                case "spanId" -> span = in.text();
                case "kind" -> kind = in.integer();
                case "startTimeUnixNano" -> start = in.integer64();
                case "endTimeUnixNano" -> end = in.integer64();
                case "attributes" -> attributes.read(in, visitor);
                case "status" ->
                    in.object(() -> {
                        while (in.nextKey()) {
                            if (in.keyIs("code")) {
                                status[0] = in.integer();
                            } else {
                                in.skip();
                            }
                        }
                    });
                default -> in.skip();
            }
        }
        boolean validTrace = isHex(trace, 32);
        long high = validTrace ? Long.parseUnsignedLong(trace, 0, 16, 16) : 0;
        long low = validTrace ? Long.parseUnsignedLong(trace, 16, 32, 16) : 0;
        boolean validSpan = isHex(span, 16) && Long.parseUnsignedLong(span, 16) != 0;
        visitor.span(name, kind, start, end, status[0], high, low, (high | low) != 0 && validSpan);
    }

    private void logRecord(JsonObject in, OtlpVisitor visitor) throws IOException {
        String eventName = "";
        long time = 0;
        long observed = 0;
        while (in.nextKey()) {
            switch (in.key()) {
                case "eventName" -> eventName = in.text();
                case "timeUnixNano" -> time = in.integer64();
                case "observedTimeUnixNano" -> observed = in.integer64();
                case "attributes" -> attributes.read(in, visitor);
                default -> in.skip();
            }
        }
        visitor.logRecord(eventName, time, observed);
    }

    /** Starts reading a list that was set aside. */
    static JsonObject reopen(byte[] list) throws IOException {
        JsonParser parser = FACTORY.createParser(list);
        parser.nextToken();
        return new JsonObject(parser, list);
    }

    private static boolean isHex(String id, int digits) {
        if (id.length() != digits) {
            return false;
        }
        for (int i = 0; i < digits; i++) {
            if (Character.digit(id.charAt(i), 16) < 0 || id.charAt(i) > 'f') {
                return false;
            }
        }
        return true;
    }
}
