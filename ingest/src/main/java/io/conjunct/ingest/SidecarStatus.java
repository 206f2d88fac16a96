// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import java.time.Duration;
import java.util.Map;

/**
 * What a person wants to know of a sidecar at a glance.
 *
 * @param spoolBytes size of the spool's files
 * @param oldestSpooled how long the oldest batch has been waiting for Kafka
 * @param topFolded attributes with too many values and how many events each of them folded, most first; at most ten
 */
public record SidecarStatus(long spoolBytes, Duration oldestSpooled, Map<String, Long> topFolded) {}
