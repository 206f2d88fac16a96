// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import com.google.rpc.Code;
import java.util.Locale;

/** How an export request ended, in both protocols' terms. Retryable are the last three. */
enum Outcome {
    OK(Code.OK, 200),
    MALFORMED(Code.INVALID_ARGUMENT, 400),
    UNAUTHENTICATED(Code.UNAUTHENTICATED, 401),
    UNKNOWN_PATH(Code.NOT_FOUND, 404),
    WRONG_METHOD(Code.UNIMPLEMENTED, 405),
    TOO_LARGE(Code.RESOURCE_EXHAUSTED, 413),
    WRONG_MEDIA_TYPE(Code.INVALID_ARGUMENT, 415),
    HEADERS_TOO_LARGE(Code.RESOURCE_EXHAUSTED, 431),
    OVER_QUOTA(Code.RESOURCE_EXHAUSTED, 429),
    OVER_SHARE(Code.UNAVAILABLE, 503),
    UNAVAILABLE(Code.UNAVAILABLE, 503);

    private final Code code;
    private final int httpStatus;

    Outcome(Code code, int httpStatus) {
        this.code = code;
        this.httpStatus = httpStatus;
    }

    Code code() {
        return code;
    }

    int httpStatus() {
        return httpStatus;
    }

    /** Whether the client is told to come back. */
    boolean isRetryable() {
        return this == UNAVAILABLE || this == OVER_QUOTA || this == OVER_SHARE;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
