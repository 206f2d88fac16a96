// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** Telemetry that was written to files instead of being sent: a recorded history is made of it. */
@org.jspecify.annotations.NullMarked
package io.conjunct.ingest.file;
