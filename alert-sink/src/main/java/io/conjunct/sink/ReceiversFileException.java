// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import java.util.List;

/** A receivers file that cannot be used. Its message is every problem on its own line; none shows a secret. */
public final class ReceiversFileException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    ReceiversFileException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** {@code error[id] file:line:column: sentence with the fix}, in the order of the file. */
    public List<String> problems() {
        return problems;
    }
}
