// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** The product as a whole, through a real broker. */
@NullMarked
package io.conjunct.cli.it;

import org.jspecify.annotations.NullMarked;
