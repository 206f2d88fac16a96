// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** Rule files in one form, so that a review shows what changed and nothing else. */
@NullMarked
package io.conjunct.format;

import org.jspecify.annotations.NullMarked;
