// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** Findings in users' files: each with its place, the reason and the fix. */
@NullMarked
package io.conjunct.check;

import org.jspecify.annotations.NullMarked;
