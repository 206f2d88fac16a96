// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** What the sidecar weighs and survives: the packaged process, real OTLP bytes, a real broker in another process. */
@NullMarked
package io.conjunct.benchmarks.sidecar;

import org.jspecify.annotations.NullMarked;
