// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** Tests of rules: a timeline of events in, alerts out, decided by the engine that runs in production. */
@NullMarked
package io.conjunct.scenario;

import org.jspecify.annotations.NullMarked;
