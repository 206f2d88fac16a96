// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** The two steps that turn batches into alerts: measure (batch to partials) and decide (partials to alerts). */
@NullMarked
package io.conjunct.engine;

import org.jspecify.annotations.NullMarked;
