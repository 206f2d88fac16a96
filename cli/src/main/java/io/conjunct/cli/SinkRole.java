// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.PrintStream;

/** The alert sink as a part of a node: alerts to people. */
final class SinkRole {
    private SinkRole() {}

    /**
     * @param console where a console receiver writes
     */
    static Component start(
            String bootstrap, KafkaOptions kafka, SinkOptions sink, PrintStream console, PrometheusRegistry registry) {
        throw new ConfigurationProblem("this build has no alert sink");
    }

    /** With the console as the only receiver, in words. */
    static Component startWithText(
            String bootstrap, KafkaOptions kafka, PrintStream console, PrometheusRegistry registry) {
        throw new ConfigurationProblem("this build has no alert sink");
    }
}
