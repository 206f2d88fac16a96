// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.verdict;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Small JSON answers. */
final class Texts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Texts() {}

    static String object(String name, String text) {
        return JSON.createObjectNode().put(name, text).toString();
    }
}
