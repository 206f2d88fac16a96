// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import io.conjunct.ingest.metrics.Shaped;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a person wants to know of a sidecar at a glance.
 *
 * @param spoolBytes size of the spool's files
 * @param oldestSpooled how long the oldest batch has been waiting for Kafka
 * @param topShaped what of whose telemetry was made coarser and for how many events, most first; at most twenty
 * @param privateKeys names of attributes that came and never leave the process
 */
public record SidecarStatus(
        long spoolBytes, Duration oldestSpooled, Map<Shaped, Long> topShaped, List<String> privateKeys) {}
