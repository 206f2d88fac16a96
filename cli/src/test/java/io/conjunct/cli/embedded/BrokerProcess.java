// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** A process of its own: a broker that acknowledges records until it is killed, one line on stdout for each. */
final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] arguments) throws IOException, ExecutionException, InterruptedException {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]))) {
            Records.createTopic(broker.bootstrap());
            try (KafkaProducer<String, String> producer = Records.producer(broker.bootstrap())) {
                for (int i = 0; i < 1_000_000; i++) {
                    String value = "value-" + i;
                    // Its outcome is what the callback prints.
                    Future<RecordMetadata> unused =
                            producer.send(new ProducerRecord<>(Records.TOPIC, value), (acknowledged, failure) -> {
                                if (failure == null) {
                                    System.out.println(value);
                                }
                            });
                    if (i % 100 == 0) {
                        producer.flush();
                    }
                }
            }
        }
    }
}
