// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static java.util.Objects.requireNonNull;

/**
 * One finding in a user's file.
 *
 * @param id stable name of the check, with a slash: {@code rule/single-signal}
 * @param line from 1
 * @param column from 1
 * @param length how many characters the carets cover
 * @param message what is wrong, without a full stop
 * @param fix what to do about it; empty where the message says it all
 */
public record Diagnostic(
        String id, Severity severity, String path, int line, int column, int length, String message, String fix) {

    /** Whether the file can be used all the same. */
    public enum Severity {
        /** The rule set is refused. */
        ERROR("error"),
        /** It works, and probably not as meant. */
        WARNING("warning");

        private final String word;

        Severity(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public Diagnostic {
        requireNonNull(id, "id");
        requireNonNull(severity, "severity");
        requireNonNull(path, "path");
        requireNonNull(message, "message");
        requireNonNull(fix, "fix");
    }

    public static Diagnostic error(String id, Place at, String message, String fix) {
        return new Diagnostic(id, Severity.ERROR, at.path(), at.line(), at.column(), at.length(), message, fix);
    }

    public static Diagnostic warning(String id, Place at, String message, String fix) {
        return new Diagnostic(id, Severity.WARNING, at.path(), at.line(), at.column(), at.length(), message, fix);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }
}
