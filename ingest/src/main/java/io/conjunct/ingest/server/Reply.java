// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import com.google.protobuf.CodedOutputStream;
import com.google.rpc.Status;
import io.conjunct.ingest.batch.OverloadedException;
import io.conjunct.ingest.otlp.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The answer to an export request: an Export...ServiceResponse when it succeeded, a google.rpc.Status otherwise.
 *
 * @param message why it failed, or what was rejected; English, at most {@value #MAX_MESSAGE} characters
 * @param rejected how many records of a successful request were rejected
 * @param retrySeconds after how long a client should try again, when that makes sense
 */
record Reply(Outcome outcome, String message, long rejected, int retrySeconds) {

    /** Keeps the response far below OTLP's limit of 4 MiB. */
    static final int MAX_MESSAGE = 1_000;

    private static final int SOON = 1;

    Reply {
        message = message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
    }

    static Reply ok() {
        return new Reply(Outcome.OK, "", 0, SOON);
    }

    static Reply ok(String message, long rejected) {
        return new Reply(Outcome.OK, message, rejected, SOON);
    }

    /** To be tried again later. */
    static Reply refused(OverloadedException refusal) {
        int seconds = (int) Math.max(SOON, refusal.retryAfter().toSeconds());
        return new Reply(Outcome.UNAVAILABLE, String.valueOf(refusal.getMessage()), 0, seconds);
    }

    static Reply failed(Outcome outcome, String message) {
        return new Reply(outcome, message, 0, SOON);
    }

    /** To be tried again after about this long. */
    static Reply later(Outcome outcome, String message, Duration wait) {
        int seconds = (int) Math.max(SOON, wait.plusMillis(999).toSeconds());
        return new Reply(outcome, message, 0, seconds);
    }

    /** The Export...ServiceResponse: 1 partial_success {1 rejected, 2 error_message}; empty on full success. */
    byte[] responseProtobuf() {
        if (rejected == 0 && message.isEmpty()) {
            return new byte[0];
        }
        try {
            ByteArrayOutputStream partial = new ByteArrayOutputStream();
            CodedOutputStream inner = CodedOutputStream.newInstance(partial);
            if (rejected != 0) {
                inner.writeInt64(1, rejected);
            }
            if (!message.isEmpty()) {
                inner.writeString(2, message);
            }
            inner.flush();
            ByteArrayOutputStream response = new ByteArrayOutputStream();
            CodedOutputStream outer = CodedOutputStream.newInstance(response);
            outer.writeByteArray(1, partial.toByteArray());
            outer.flush();
            return response.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same in JSON encoding; 64-bit numbers are text. */
    byte[] responseJson(Signal signal) {
        if (rejected == 0 && message.isEmpty()) {
            return "{}".getBytes(StandardCharsets.UTF_8);
        }
        String json = "{\"partialSuccess\":{\"" + signal.rejectedKey() + "\":\"" + rejected + "\",\"errorMessage\":"
                + quoted(message) + "}}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    Status status() {
        return Status.newBuilder()
                .setCode(outcome.code().getNumber())
                .setMessage(message)
                .build();
    }

    byte[] statusJson() {
        String json = "{\"code\":" + outcome.code().getNumber() + ",\"message\":" + quoted(message) + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Our messages are plain text, but a quote or backslash in one must not break the answer. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else {
                quoted.append(c < ' ' ? ' ' : c);
            }
        }
        return quoted.append('"').toString();
    }
}
