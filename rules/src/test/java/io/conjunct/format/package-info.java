// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** Tests of the formatter. */
@NullMarked
package io.conjunct.format;

import org.jspecify.annotations.NullMarked;
