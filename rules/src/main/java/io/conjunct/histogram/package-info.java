// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** The base-2 exponential histogram: how a distribution is counted, merged, subtracted and read. */
@NullMarked
package io.conjunct.histogram;

import org.jspecify.annotations.NullMarked;
