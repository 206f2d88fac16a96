// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of a gRPC message and reports what is wrong with them as a value. Were it thrown here, gRPC would
 * answer {@code UNKNOWN}, on which clients drop their data: the message that is too long after decompression and the one
 * that is not gzip (grpc-java issue 11246).
 */
final class RequestMarshaller implements MethodDescriptor.Marshaller<RequestMarshaller.Request> {
    private static final int SMALLEST = 8 * 1024;
    private static final int LARGEST = 512 * 1024;

    private final int longest;
    private final Bytes bytes;
    private volatile int typical;

    RequestMarshaller(int longest, Bytes bytes) {
        this.longest = longest;
        this.bytes = bytes;
    }

    /**
     * A message, or why there is none.
     *
     * @param body null when there is a problem
     * @param length of the message, which other bytes may follow
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by content nowhere; the arrays are never changed
    record Request(byte @Nullable [] body, int length, Outcome outcome, String problem) {}

    @Override
    public InputStream stream(Request request) {
        throw new UnsupportedOperationException("a server reads requests, it does not send them");
    }

    @Override
    public Request parse(InputStream stream) {
        try {
            Request request = stream instanceof KnownLength ? exactly(stream) : unpacked(stream);
            return request.length > longest ? tooLarge() : request;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED ? tooLarge() : damaged();
        } catch (IOException e) {
            return damaged();
        }
    }

    private Request exactly(InputStream stream) throws IOException {
        int there = Math.min(stream.available(), longest + 1);
        byte[] body = bytes.array(there);
        return new Request(body, stream.readNBytes(body, 0, there), Outcome.OK, "");
    }

    /** Nothing tells how long it will be, but most are about as long as the one before. */
    private Request unpacked(InputStream stream) throws IOException {
        byte[] body = bytes.array(Math.min(Math.max(typical, SMALLEST), LARGEST));
        int length = stream.readNBytes(body, 0, body.length);
        while (length == body.length && length <= longest) {
            body = Arrays.copyOf(body, Math.max(length + 1, Math.min(length * 2, longest + 1)));
            length += stream.readNBytes(body, length, body.length - length);
        }
        typical = length + 1;
        return new Request(body, length, Outcome.OK, "");
    }

    private Request tooLarge() {
        return new Request(null, 0, Outcome.TOO_LARGE, "the request is longer than " + longest + " bytes");
    }

    private static Request damaged() {
        return new Request(null, 0, Outcome.MALFORMED, "the compressed request cannot be decompressed");
    }
}
