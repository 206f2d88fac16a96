// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

/**
 * Walks an OTLP export request in protobuf encoding without building its messages. What nobody wants is skipped at byte
 * level, so depth and size of unwanted values do not matter. Fields may stand in any order: a message whose parts explain
 * each other (a resource and its scopes) is looked over first, which costs one step per part.
 *
 * <p>Unknown fields and fields of the wrong wire type are ignored, as the protobuf runtime does. One reader serves one
 * thread and any number of requests. Source: opentelemetry-proto 1.11.
 */
public final class ProtobufReader {
    private static final byte[] NOTHING = {};

    private final Cursor in = new Cursor();
    private final Words words = new Words();
    private final SpanHead head = new SpanHead(words.nothing());
    private final ProtobufAttributes attributes = new ProtobufAttributes(words, false);
    private final Words metricWords = new Words();
    private final ProtobufAttributes metricAttributes = new ProtobufAttributes(metricWords, true);
    private final ProtobufMetrics metrics = new ProtobufMetrics(metricAttributes, metricWords);

    /** Reads a whole request. Nothing is promised about what the visitor saw when this throws. */
    public void read(Signal signal, byte[] request, OtlpVisitor visitor) throws MalformedRequestException {
        read(signal, request, request.length, visitor);
    }

    /** Reads a whole request, which may be followed by other bytes. */
    public void read(Signal signal, byte[] request, int length, OtlpVisitor visitor) throws MalformedRequestException {
        ProtobufAttributes read = signal == Signal.METRICS ? metricAttributes : attributes;
        read.serve(visitor);
        in.over(request, 0, length);
        try {
            while (!in.isAtEnd()) {
                int tag = in.tag();
                if (tag == 10) {
                    int outer = in.enter();
                    ofResource(signal, visitor);
                    in.leave(outer);
                } else {
                    in.skip(tag);
                }
            }
            read.tell(visitor);
        } catch (MalformedRequestException e) {
            throw new MalformedRequestException(
                    "not an OTLP " + signal.label() + " request in protobuf encoding: " + e.getMessage(), e);
        } finally {
            in.over(NOTHING, 0, 0);
        }
    }

    /** ResourceSpans, ResourceLogs or ResourceMetrics: 1 resource, 2 scopes. */
    private void ofResource(Signal signal, OtlpVisitor visitor) throws MalformedRequestException {
        ProtobufAttributes read = signal == Signal.METRICS ? metricAttributes : attributes;
        read.serve(visitor);
        int begin = in.at;
        while (!in.isAtEnd()) {
            int tag = in.tag();
            if (tag == 10) {
                int outer = in.enter();
                while (!in.isAtEnd()) {
                    int inner = in.tag();
                    if (inner == 10) {
                        read.read(inner, in, visitor);
                    } else {
                        in.skip(inner);
                    }
                }
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
        visitor.resource();
        in.at = begin;
        while (!in.isAtEnd()) {
            int tag = in.tag();
            if (tag == 18) {
                int outer = in.enter();
                ofScope(signal, visitor);
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    /** ScopeSpans, ScopeLogs or ScopeMetrics: 1 scope, 2 records. */
    private void ofScope(Signal signal, OtlpVisitor visitor) throws MalformedRequestException {
        if (signal == Signal.METRICS) {
            int begin = in.at;
            visitor.scope(scopeName());
            in.at = begin;
        }
        while (!in.isAtEnd()) {
            int tag = in.tag();
            if (tag == 18) {
                int outer = in.enter();
                switch (signal) {
                    case TRACES -> span(visitor);
                    case LOGS -> logRecord(visitor);
                    case METRICS -> metrics.read(in, visitor);
                }
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private String scopeName() throws MalformedRequestException {
        String name = "";
        while (!in.isAtEnd()) {
            int tag = in.tag();
            if (tag == 10) {
                int outer = in.enter();
                while (!in.isAtEnd()) {
                    int inner = in.tag();
                    if (inner == 10) {
                        name = metricWords.string(in);
                    } else {
                        in.skip(inner);
                    }
                }
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
        return name;
    }

    private void span(OtlpVisitor visitor) throws MalformedRequestException {
        Word name = words.nothing();
        int kind = 0;
        long start = 0;
        long end = 0;
        int status = 0;
        long traceHigh = 0;
        long traceLow = 0;
        boolean validTrace = false;
        boolean validSpan = false;
        if (head.passes(in, words)) {
            name = head.name;
            words.begin(name);
            kind = head.kind;
            start = head.start;
            end = head.end;
            traceHigh = head.traceHigh;
            traceLow = head.traceLow;
            validTrace = head.validTrace;
            validSpan = head.validSpan;
        }
        while (!in.isAtEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 10 -> {
                    boolean whole = in.pass() == 16;
                    traceHigh = whole ? in.bigEndianBefore(16) : 0;
                    traceLow = whole ? in.bigEndianBefore(8) : 0;
                    validTrace = (traceHigh | traceLow) != 0;
                }
                case 18 -> validSpan = in.pass() == 8 && in.bigEndianBefore(8) != 0;
                case 42 -> {
                    name = words.text(in);
                    words.begin(name);
                }
                case 48 -> kind = in.varint32();
                case 57 -> start = in.fixed64();
                case 65 -> end = in.fixed64();
                case 74 -> attributes.read(tag, in, visitor);
                case 122 -> status = status(in);
                default -> in.skip(tag);
            }
        }
        visitor.span(name.text, kind, start, end, status, traceHigh, traceLow, validTrace && validSpan);
    }

    /** Status: 3 code. */
    private static int status(Cursor in) throws MalformedRequestException {
        int status = 0;
        int outer = in.enter();
        while (!in.isAtEnd()) {
            int tag = in.tag();
            if (tag == 24) {
                status = in.varint32();
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
        return status;
    }

    private void logRecord(OtlpVisitor visitor) throws MalformedRequestException {
        String eventName = "";
        long time = 0;
        long observed = 0;
        while (!in.isAtEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 9 -> time = in.fixed64();
                case 50 -> attributes.read(tag, in, visitor);
                case 89 -> observed = in.fixed64();
                case 98 -> eventName = words.string(in);
                default -> in.skip(tag);
            }
        }
        visitor.logRecord(eventName, time, observed);
    }
}
