// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.file;

import io.conjunct.ingest.otlp.Signal;

/**
 * One line of a file: an OTLP request in JSON.
 *
 * @param latestMillis the latest time it speaks of, Unix milliseconds
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record OtlpLine(long number, Signal signal, byte[] json, long latestMillis) {}
