// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

/** How a long-running command logs. */
final class LogOptions extends Options {
    final Setting<LogFormat> format = choice("--log-format", "text|json", LogFormat.TEXT, "Log lines on stderr");
}
