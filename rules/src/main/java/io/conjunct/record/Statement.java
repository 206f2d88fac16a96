// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

/** A line of the topic {@code conjunct.verdicts}: what somebody said, or what the provider saw people do. */
public sealed interface Statement permits Verdict, Observation, MissedIncident, Restoration {}
