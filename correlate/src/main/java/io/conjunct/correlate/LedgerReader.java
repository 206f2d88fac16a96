// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import io.conjunct.engine.HeapStore;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.LedgerFold;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger of a broker where none is kept: folds what its topics hold now, on the heap, a page of which takes about a
 * kilobyte. What cannot be read is left out and logged by its place.
 */
public final class LedgerReader {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerReader.class);

    private LedgerReader() {}

    /**
     * Pages and what was said about them, without demotions and without what legs alone would have paged.
     *
     * @throws NoSuchElementException naming the topic, when alerts or verdicts have none
     * @throws org.apache.kafka.common.KafkaException when the broker does not answer, or falls silent
     */
    public static Ledger read(String bootstrap, Topics topics, Cost cost) {
        HeapStore store = new HeapStore();
        LedgerFold fold = LedgerFold.silent(store, cost);
        TopicText text = new TopicText(bootstrap);
        for (String needed : List.of(topics.verdicts(), topics.alerts())) {
            if (!text.read(needed, record -> take(topics, record, fold))) {
                throw new NoSuchElementException(needed);
            }
        }
        // A broker on which nothing was delivered yet has none; its pages then begin when their alerts fired.
        text.read(topics.deliveries(), record -> take(topics, record, fold));
        return LedgerFold.read(store, 0, cost);
    }

    private static void take(Topics topics, ConsumerRecord<String, String> record, LedgerFold fold) {
        try {
            LedgerStep.fold(topics, record.topic(), record.value(), fold);
        } catch (IOException e) {
            LOG.warn(
                    "a record of {} at offset {} cannot be read and is left out: {}",
                    record.topic(),
                    record.offset(),
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }
}
