// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two encodings of OTLP/HTTP. */
enum MediaType {
    PROTOBUF("application/x-protobuf", "http_protobuf"),
    JSON("application/json", "http_json");

    private final String text;
    private final String transport;

    MediaType(String text, String transport) {
        this.text = text;
        this.transport = transport;
    }

    /** By a Content-Type header: without regard to case and parameters; null when it is neither. */
    static @Nullable MediaType of(@Nullable String header) {
        if (header == null) {
            return null;
        }
        int parameters = header.indexOf(';');
        String type = (parameters < 0 ? header : header.substring(0, parameters))
                .trim()
                .toLowerCase(Locale.ROOT);
        for (MediaType known : values()) {
            if (known.text.equals(type)) {
                return known;
            }
        }
        return null;
    }

    String text() {
        return text;
    }

    /** What metrics call it. */
    String transport() {
        return transport;
    }
}
