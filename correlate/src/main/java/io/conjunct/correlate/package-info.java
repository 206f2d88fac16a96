// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** The topology: hosts the engine on Kafka Streams, exactly once. */
@NullMarked
package io.conjunct.correlate;

import org.jspecify.annotations.NullMarked;
