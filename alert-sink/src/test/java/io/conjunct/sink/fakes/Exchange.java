// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import java.time.Instant;
import java.util.Map;

/**
 * A request and what was answered.
 *
 * @param headers of the request, names in lower case, first values
 * @param status of the answer; 0 when none was given (hang, cut)
 */
public record Exchange(
        Instant at, String method, String path, Map<String, String> headers, String body, int status, String answer) {
    public Exchange {
        headers = Map.copyOf(headers);
    }
}
