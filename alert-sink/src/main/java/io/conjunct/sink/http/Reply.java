// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.http;

import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Secret;
import java.time.Duration;

/** What a request came to. Never holds what we sent. */
public sealed interface Reply {
    /** Its meaning for the delivery. */
    Outcome outcome();

    /**
     * The host answered.
     *
     * @param status of HTTP
     * @param retryAfter zero when the host did not ask for a pause
     * @param body its first 64 KiB
     */
    record Answered(int status, Duration retryAfter, String body) implements Reply {
        /** The same answer without this secret, for hosts that repeat what we sent. */
        public Answered redactedBy(Secret secret) {
            return new Answered(status, retryAfter, secret.redact(body));
        }

        /** 2xx delivered; 408, 425, 429 and 5xx again; redirects (never followed) and other 4xx refused for good. */
        @Override
        public Outcome outcome() {
            if (status >= 200 && status < 300) {
                return new Outcome.Delivered();
            }
            String detail = status + (body.isBlank() ? "" : ": " + body);
            if (status >= 300 && status < 400) {
                return new Outcome.Refused(FailureReason.OTHER, status + ": a redirect, not followed");
            }
            return switch (status) {
                case 401, 403 -> new Outcome.Refused(FailureReason.AUTH_ERROR, detail);
                case 408, 425 -> new Outcome.Retry(FailureReason.OTHER, detail, retryAfter);
                case 429 -> new Outcome.Retry(FailureReason.RATE_LIMITED, detail, retryAfter);
                default ->
                    status >= 500
                            ? new Outcome.Retry(FailureReason.SERVER_ERROR, detail, retryAfter)
                            : new Outcome.Refused(FailureReason.CLIENT_ERROR, detail);
            };
        }
    }

    /** No answer: worth another attempt. */
    record Failed(FailureReason reason, String detail) implements Reply {
        @Override
        public Outcome outcome() {
            return new Outcome.Retry(reason, detail, Duration.ZERO);
        }
    }

    /** Not sent: the host is not allowed. */
    record Forbidden(String detail) implements Reply {
        @Override
        public Outcome outcome() {
            return new Outcome.Refused(FailureReason.OTHER, detail);
        }
    }
}
