// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import picocli.CommandLine.Option;

/** How a long-running command logs. */
final class LogOptions {
    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Log lines on stderr (default: ${DEFAULT-VALUE}).")
    LogFormat format = LogFormat.TEXT;
}
