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
    private volatile int typical;

    RequestMarshaller(int longest) {
        this.longest = longest;
    }

    /**
     * A message, or why there is none.
     *
     * @param body null when there is a problem
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by content nowhere; the arrays are never changed
    record Request(byte @Nullable [] body, Outcome outcome, String problem) {}

    @Override
    public InputStream stream(Request request) {
        throw new UnsupportedOperationException("a server reads requests, it does not send them");
    }

    @Override
    public Request parse(InputStream stream) {
        try {
            byte[] body = stream instanceof KnownLength ? exactly(stream) : unpacked(stream);
            return body.length > longest ? tooLarge() : new Request(body, Outcome.OK, "");
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED ? tooLarge() : damaged();
        } catch (IOException e) {
            return damaged();
        }
    }

    private byte[] exactly(InputStream stream) throws IOException {
        byte[] body = new byte[Math.min(stream.available(), longest + 1)];
        int length = stream.readNBytes(body, 0, body.length);
        return length == body.length ? body : Arrays.copyOf(body, length);
    }

    /** Nothing tells how long it will be, but most are about as long as the one before. */
    private byte[] unpacked(InputStream stream) throws IOException {
        byte[] body = new byte[Math.min(Math.max(typical, SMALLEST), LARGEST)];
        int length = stream.readNBytes(body, 0, body.length);
        while (length == body.length && length <= longest) {
            body = Arrays.copyOf(body, Math.min(length * 2, longest + 1));
            length += stream.readNBytes(body, length, body.length - length);
        }
        typical = length + 1;
        return Arrays.copyOf(body, length);
    }

    private Request tooLarge() {
        return new Request(null, Outcome.TOO_LARGE, "the request is longer than " + longest + " bytes");
    }

    private static Request damaged() {
        return new Request(null, Outcome.MALFORMED, "the compressed request cannot be decompressed");
    }
}
