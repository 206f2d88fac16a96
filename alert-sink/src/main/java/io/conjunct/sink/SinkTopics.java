// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The topics that are the sink's own, made where they are missing, with the broker's number of replicas: deliveries,
 * compacted and kept for 90 days, and verdicts, kept for good.
 */
final class SinkTopics {
    private static final String DAYS_90 = String.valueOf(90L * 24 * 3600 * 1000);

    private final SinkSettings settings;

    SinkTopics(SinkSettings settings) {
        this.settings = settings;
    }

    /**
     * Makes what is missing.
     *
     * @throws KafkaException when Kafka does not let us
     */
    void make() {
        NewTopic deliveries = new NewTopic(settings.deliveriesTopic(), Optional.of(1), Optional.empty())
                .configs(Map.of("cleanup.policy", "compact,delete", "retention.ms", DAYS_90));
        NewTopic verdicts = new NewTopic(settings.verdictsTopic(), Optional.of(1), Optional.empty())
                .configs(Map.of("cleanup.policy", "delete", "retention.ms", "-1"));
        try (Admin admin = Admin.create(AlertSink.adminProperties(settings))) {
            for (var made :
                    admin.createTopics(List.of(deliveries, verdicts)).values().values()) {
                try {
                    made.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new KafkaException("cannot make the sink's topics", e.getCause());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while making topics", e);
        }
    }
}
