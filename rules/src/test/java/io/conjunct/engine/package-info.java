// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** Tests of the engine as a whole: batches in, alerts out. */
@NullMarked
package io.conjunct.engine;

import org.jspecify.annotations.NullMarked;
