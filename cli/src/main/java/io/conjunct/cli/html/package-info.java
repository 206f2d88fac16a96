// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** Pages of this product: one look, nothing from elsewhere, no script. */
@NullMarked
package io.conjunct.cli.html;

import org.jspecify.annotations.NullMarked;
