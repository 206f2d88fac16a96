// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import java.util.OptionalDouble;

/** What the engine measured at its last tick. */
@FunctionalInterface
public interface SignalReadings {
    /** The value of a signal in its unit: seconds, or 0 to 1; empty while it is not known. */
    OptionalDouble value(String signal);
}
