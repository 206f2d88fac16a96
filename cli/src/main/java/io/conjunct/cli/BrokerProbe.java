// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a broker whether it is there before anything is built on it. */
final class BrokerProbe {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private BrokerProbe() {}

    /**
     * Returns as soon as a broker answers.
     *
     * @return how many brokers there are
     * @throws ConfigurationProblem when the address makes no sense or none answers within 10 s
     */
    static int requireAnswer(String bootstrap) {
        // The client's own complaint, once a second, would bury ours.
        Logger client = LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient");
        Logs.silence(client, true);
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrap,
                "request.timeout.ms",
                (int) LIMIT.toMillis(),
                "default.api.timeout.ms",
                (int) LIMIT.toMillis(),
                "socket.connection.setup.timeout.ms",
                5_000))) {
            return admin.describeCluster().nodes().get().size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new ConfigurationProblem(
                        "no Kafka broker answers at " + bootstrap + " (tried for " + LIMIT.toSeconds()
                                + " s); start it, correct --kafka, or use --kafka embedded",
                        e);
            }
            throw new ConfigurationProblem(
                    "the Kafka broker at " + bootstrap + " refuses us: "
                            + (e.getCause() == null ? e : e.getCause()).getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigurationProblem("interrupted while waiting for the Kafka broker at " + bootstrap, e);
        } catch (KafkaException e) {
            // Wrapped: "Failed to create new KafkaAdminClient", the reason is below.
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new ConfigurationProblem(
                    "--kafka " + bootstrap + ": " + reason.getMessage() + " (expected: host:port, or embedded)", e);
        } finally {
            Logs.silence(client, false);
        }
    }
}
