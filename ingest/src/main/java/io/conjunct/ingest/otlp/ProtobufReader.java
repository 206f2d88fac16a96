// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;

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

    private final Interner interner = new Interner();
    private final UsualAttribute usual = new UsualAttribute(this, interner);
    private final ProtobufMetrics metrics = new ProtobufMetrics(this);
    byte[] body = NOTHING;

    /** Reads a whole request. Nothing is promised about what the visitor saw when this throws. */
    public void read(Signal signal, byte[] request, OtlpVisitor visitor) throws MalformedRequestException {
        read(signal, request, request.length, visitor);
    }

    /** Reads a whole request, which may be followed by other bytes. */
    public void read(Signal signal, byte[] request, int length, OtlpVisitor visitor) throws MalformedRequestException {
        body = request;
        try {
            CodedInputStream in = CodedInputStream.newInstance(request, 0, length);
            while (!in.isAtEnd()) {
                int tag = in.readTag();
                if (tag == 10) {
                    int size = length(in);
                    int from = in.getTotalBytesRead();
                    in.skipRawBytes(size);
                    ofResource(signal, from, size, visitor);
                } else {
                    skip(in, tag);
                }
            }
        } catch (MalformedRequestException e) {
            throw e;
        } catch (IOException e) {
            throw new MalformedRequestException("not an OTLP " + signal.label() + " request in protobuf encoding", e);
        } finally {
            body = NOTHING;
        }
    }

    /** ResourceSpans, ResourceLogs or ResourceMetrics: 1 resource, 2 scopes. */
    private void ofResource(Signal signal, int from, int length, OtlpVisitor visitor) throws IOException {
        CodedInputStream in = slice(from, length);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (tag == 10) {
                int limit = in.pushLimit(length(in));
                while (!in.isAtEnd()) {
                    int inner = in.readTag();
                    if (inner == 10) {
                        attribute(in, from, visitor);
                    } else {
                        skip(in, inner);
                    }
                }
                in.popLimit(limit);
            } else {
                skip(in, tag);
            }
        }
        visitor.resource();
        in = slice(from, length);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (tag == 18) {
                int scopeLength = length(in);
                int scopeFrom = from + in.getTotalBytesRead();
                in.skipRawBytes(scopeLength);
                ofScope(signal, scopeFrom, scopeLength, visitor);
            } else {
                skip(in, tag);
            }
        }
    }

    /** ScopeSpans, ScopeLogs or ScopeMetrics: 1 scope, 2 records. */
    private void ofScope(Signal signal, int from, int length, OtlpVisitor visitor) throws IOException {
        if (signal == Signal.METRICS) {
            visitor.scope(scopeName(from, length));
        }
        CodedInputStream in = slice(from, length);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (tag == 18) {
                int recordLength = length(in);
                if (signal == Signal.METRICS) {
                    int recordFrom = from + in.getTotalBytesRead();
                    in.skipRawBytes(recordLength);
                    metrics.read(recordFrom, recordLength, visitor);
                } else {
                    int limit = in.pushLimit(recordLength);
                    if (signal == Signal.TRACES) {
                        span(in, from, visitor);
                    } else {
                        logRecord(in, from, visitor);
                    }
                    in.popLimit(limit);
                }
            } else {
                skip(in, tag);
            }
        }
    }

    private String scopeName(int from, int length) throws IOException {
        String name = "";
        CodedInputStream in = slice(from, length);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (tag == 10) {
                int limit = in.pushLimit(length(in));
                while (!in.isAtEnd()) {
                    int inner = in.readTag();
                    if (inner == 10) {
                        name = string(in, from);
                    } else {
                        skip(in, inner);
                    }
                }
                in.popLimit(limit);
            } else {
                skip(in, tag);
            }
        }
        return name;
    }

    private void span(CodedInputStream in, int base, OtlpVisitor visitor) throws IOException {
        String name = "";
        int kind = 0;
        long start = 0;
        long end = 0;
        int status = 0;
        long traceHigh = 0;
        long traceLow = 0;
        boolean validTrace = false;
        boolean validSpan = false;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (tag) {
                case 10 -> {
                    int length = length(in);
                    int from = base + in.getTotalBytesRead();
                    in.skipRawBytes(length);
                    validTrace = length == 16;
                    if (validTrace) {
                        traceHigh = bigEndian(from);
                        traceLow = bigEndian(from + 8);
                        validTrace = (traceHigh | traceLow) != 0;
                    }
                }
                case 18 -> {
                    int length = length(in);
                    int from = base + in.getTotalBytesRead();
                    in.skipRawBytes(length);
                    validSpan = length == 8 && bigEndian(from) != 0;
                }
                case 42 -> name = string(in, base);
                case 48 -> kind = in.readEnum();
                case 57 -> start = in.readFixed64();
                case 65 -> end = in.readFixed64();
                case 74 -> attribute(in, base, visitor);
                case 122 -> {
                    int limit = in.pushLimit(length(in));
                    while (!in.isAtEnd()) {
                        int inner = in.readTag();
                        if (inner == 24) {
                            status = in.readEnum();
                        } else {
                            skip(in, inner);
                        }
                    }
                    in.popLimit(limit);
                }
                default -> skip(in, tag);
            }
        }
        visitor.span(name, kind, start, end, status, traceHigh, traceLow, validTrace && validSpan);
    }

    private void logRecord(CodedInputStream in, int base, OtlpVisitor visitor) throws IOException {
        String eventName = "";
        long time = 0;
        long observed = 0;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (tag) {
                case 9 -> time = in.readFixed64();
                case 50 -> attribute(in, base, visitor);
                case 89 -> observed = in.readFixed64();
                case 98 -> eventName = string(in, base);
                default -> skip(in, tag);
            }
        }
        visitor.logRecord(eventName, time, observed);
    }

    /** A KeyValue. Most bytes of a request are attributes that nobody wants, so these have a short way. */
    void attribute(CodedInputStream in, int base, OtlpVisitor visitor) throws IOException {
        int length = length(in);
        int from = base + in.getTotalBytesRead();
        in.skipRawBytes(length);
        if (!usual.read(body, from, from + length, visitor)) {
            keyValue(slice(from, length), from, visitor);
        }
    }

    /** 1 key, 2 AnyValue; a value that stands before its key is read when the key is known. */
    private void keyValue(CodedInputStream in, int base, OtlpVisitor visitor) throws IOException {
        String key = null;
        int valueFrom = -1;
        int valueLength = 0;
        boolean done = false;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (tag == 10) {
                key = string(in, base);
            } else if (tag == 18) {
                valueLength = length(in);
                if (key != null && !done && visitor.wants(key)) {
                    int inner = in.pushLimit(valueLength);
                    value(key, in, base, visitor);
                    in.popLimit(inner);
                } else {
                    valueFrom = base + in.getTotalBytesRead();
                    in.skipRawBytes(valueLength);
                }
                done = key != null;
            } else {
                skip(in, tag);
            }
        }
        if (!done && key != null && visitor.wants(key)) {
            if (valueFrom < 0) {
                visitor.attributeWithoutScalar(key);
            } else {
                value(key, slice(valueFrom, valueLength), valueFrom, visitor);
            }
        }
    }

    /** An AnyValue: 1 string, 2 bool, 3 int, 4 double; the others are not scalars. */
    void value(String key, CodedInputStream in, int base, OtlpVisitor visitor) throws IOException {
        boolean found = false;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (found) {
                skip(in, tag);
                continue;
            }
            found = true;
            switch (tag) {
                case 10 -> visitor.attribute(key, string(in, base));
                case 16 -> visitor.attribute(key, in.readBool());
                case 24 -> visitor.attribute(key, in.readInt64());
                case 33 -> visitor.attribute(key, in.readDouble());
                default -> {
                    found = false;
                    skip(in, tag);
                }
            }
        }
        if (!found) {
            visitor.attributeWithoutScalar(key);
        }
    }

    String string(CodedInputStream in, int base) throws IOException {
        int length = length(in);
        int from = base + in.getTotalBytesRead();
        in.skipRawBytes(length);
        return interner.string(body, from, length);
    }

    CodedInputStream slice(int from, int length) {
        return CodedInputStream.newInstance(body, from, length);
    }

    static int length(CodedInputStream in) throws IOException {
        int length = in.readRawVarint32();
        if (length < 0) {
            throw new MalformedRequestException("a length of the protobuf encoding is negative");
        }
        return length;
    }

    static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new MalformedRequestException("the protobuf encoding ends a group that it did not start");
        }
    }

    private long bigEndian(int from) {
        long value = 0;
        for (int i = from; i < from + 8; i++) {
            value = value << 8 | (body[i] & 0xFF);
        }
        return value;
    }
}
