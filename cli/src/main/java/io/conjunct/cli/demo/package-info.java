// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** The demonstration: a small instrumented service, its story, and what the console says about it. */
@NullMarked
package io.conjunct.cli.demo;

import org.jspecify.annotations.NullMarked;
