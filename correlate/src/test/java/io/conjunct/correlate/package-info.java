// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** Tests of the topology's shape; what it decides is tested through a real broker in the cli module. */
@NullMarked
package io.conjunct.correlate;

import org.jspecify.annotations.NullMarked;
