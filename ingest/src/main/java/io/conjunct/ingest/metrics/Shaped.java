// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.metrics;

/** That a service's values of one key were made coarser, and how. */
public record Shaped(String service, String key, Shaping how) {}
