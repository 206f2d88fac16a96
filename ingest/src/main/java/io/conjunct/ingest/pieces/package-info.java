// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Export requests that are too long for memory, taken apart: what is read of all pieces, one after the other, is what would
 * be read of the whole.
 */
@org.jspecify.annotations.NullMarked
package io.conjunct.ingest.pieces;
