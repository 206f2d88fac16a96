// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.server.Bytes.Body;
import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What gRPC takes for the messages, and what is wrong with one as a value. Were that thrown, gRPC would answer
 * {@code UNKNOWN}, on which clients drop their data: the message that is too long after decompression and the one that is
 * not gzip (grpc-java issue 11246).
 */
final class RequestMarshaller implements MethodDescriptor.Marshaller<RequestMarshaller.Request> {
    private final int longest;

    /** @param longest bytes of a message in plain */
    RequestMarshaller(int longest) {
        this.longest = longest;
    }

    @Override
    public InputStream stream(Request request) {
        throw new UnsupportedOperationException("a server reads requests, it does not send them");
    }

    /** @param nothing what gRPC has of it ({@link ArrivingMessage}) */
    @Override
    public Request parse(InputStream nothing) {
        return new Request();
    }

    /** A message. For one thread at a time. */
    final class Request {
        private @Nullable Body body;
        private @Nullable Reply problem;

        private Request() {}

        /** Takes over what has come, unpacked. */
        void take(@Nullable ArrivingMessage message, Sender sender, Bytes bytes) {
            Body come = message == null ? null : message.take();
            if (message == null || come == null) {
                problem = Reply.failed(Outcome.UNAVAILABLE, "the call has ended");
                return;
            }
            sender.sentBytes(come.length());
            try {
                body = message.isPacked() ? Gunzip.unpack(come, sender, bytes, longest) : come;
            } catch (TooLongException e) {
                problem = Reply.failed(Outcome.TOO_LARGE, "the request is longer than " + longest + " bytes in plain");
            } catch (NoRoomException e) {
                problem = Reply.failed(Outcome.UNAVAILABLE, "too many requests are being read");
            } catch (IOException e) {
                problem = Reply.failed(Outcome.MALFORMED, "the compressed request cannot be decompressed");
            } finally {
                if (body != come) {
                    come.release();
                }
            }
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
}
