// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** Rules that change while a node runs: read, checked, published, followed. */
@NullMarked
package io.conjunct.cli.reload;

import org.jspecify.annotations.NullMarked;
