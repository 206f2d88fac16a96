// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.server.Bytes.Body;
import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a gRPC message as it is, to be read by somebody who knows whose it is, and what is wrong with it as a value. Were
 * that thrown here, gRPC would answer {@code UNKNOWN}, on which clients drop their data: the message that is too long after
 * decompression and the one that is not gzip (grpc-java issue 11246).
 */
final class RequestMarshaller implements MethodDescriptor.Marshaller<RequestMarshaller.Request> {
    private static final int SMALLEST = 8 * 1024;
    private static final int LARGEST = 512 * 1024;

    private final int longest;
    private volatile int typical;

    RequestMarshaller(int longest) {
        this.longest = longest;
    }

    @Override
    public InputStream stream(Request request) {
        throw new UnsupportedOperationException("a server reads requests, it does not send them");
    }

    @Override
    public Request parse(InputStream stream) {
        return new Request(stream);
    }

    /** A message. For one thread at a time. */
    final class Request {
        private @Nullable InputStream stream;
        private @Nullable Body body;
        private @Nullable Reply problem;

        private Request(InputStream stream) {
            this.stream = stream;
        }

        /** Reads it, as long as gRPC has it: until the call's listener returns from {@code onMessage}. */
        void read(Sender sender, Bytes bytes) {
            try (InputStream in = stream) {
                if (in != null) {
                    body = bytes.readAll(sender, in, expected(in), longest);
                    typical = body.length() + 1;
                }
            } catch (TooLongException e) {
                problem = tooLarge();
            } catch (NoRoomException e) {
                problem = Reply.failed(Outcome.UNAVAILABLE, "too many requests are being read");
            } catch (StatusRuntimeException e) {
                problem = e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED ? tooLarge() : damaged();
            } catch (IOException e) {
                problem = damaged();
            } finally {
                stream = null;
            }
        }

        /** Of what is packed nothing tells how long it will be, but most are about as long as the one before. */
        private int expected(InputStream in) throws IOException {
            return in instanceof KnownLength ? in.available() : Math.min(Math.max(typical, SMALLEST), LARGEST);
        }

        /** Why there is no body to go on with. */
        Optional<Reply> problem() {
            return Optional.ofNullable(problem);
        }

        /** What was read; there is one when there is no problem. */
        Body body() {
            if (body == null) {
                throw new IllegalStateException("a request that was not read");
            }
            return body;
        }

        void release() {
            if (body != null) {
                body.release();
            }
        }
    }

    private Reply tooLarge() {
        return Reply.failed(Outcome.TOO_LARGE, "the request is longer than " + longest + " bytes");
    }

    private static Reply damaged() {
        return Reply.failed(Outcome.MALFORMED, "the compressed request cannot be decompressed");
    }
}
