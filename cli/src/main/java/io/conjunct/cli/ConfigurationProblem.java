// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.io.IOException;

/** What the user must change before anything can start; the message says what and how. Exit code 78. */
final class ConfigurationProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigurationProblem(String message) {
        super(message);
    }

    /** For an error whose own message already says what to change. */
    ConfigurationProblem(IOException clear) {
        super(clear.getMessage() == null ? clear.toString() : clear.getMessage(), clear);
    }

    /** For an argument or a state whose message names the value and what was expected. */
    static ConfigurationProblem of(RuntimeException clear) {
        return new ConfigurationProblem(clear.getMessage() == null ? clear.toString() : clear.getMessage(), clear);
    }

    ConfigurationProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
