// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** A Kafka broker inside this process, and the directory in which everything of one node is kept. */
@NullMarked
package io.conjunct.cli.embedded;

import org.jspecify.annotations.NullMarked;
