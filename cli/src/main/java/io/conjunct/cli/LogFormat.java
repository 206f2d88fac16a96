// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

/** How log lines look on stderr. */
enum LogFormat {
    /** One line for a person. */
    TEXT,
    /** One JSON object a line, for a log collector. */
    JSON
}
