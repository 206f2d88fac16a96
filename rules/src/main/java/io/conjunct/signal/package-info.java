// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** What is measured: selectors, measures, feeds, and the sliding windows that turn events into values. */
@NullMarked
package io.conjunct.signal;

import org.jspecify.annotations.NullMarked;
