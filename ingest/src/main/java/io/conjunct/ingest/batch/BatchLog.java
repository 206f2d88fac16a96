// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import java.util.concurrent.CompletionStage;

/** Where encoded batches go in the end: Kafka. Called by one thread, in order. */
public interface BatchLog extends AutoCloseable {

    /**
     * Makes what appending needs. Called once before the first append, perhaps after {@link #close()}.
     *
     * @throws org.apache.kafka.common.KafkaException when the settings make no sense
     */
    default void open() {}

    /**
     * Appends a batch. May block for a short time; batches become durable in the order of the calls.
     *
     * @return completes when the batch is durable, exceptionally when it will not be; never cancelled
     */
    CompletionStage<Void> append(byte[] batch);

    /** A batch failed and will be appended again, with all that came after it; none is under way. */
    default void recover(Throwable failure) {}

    @Override
    void close();
}
