// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import java.util.concurrent.CompletionStage;

/** Where encoded batches go to be durable: Kafka, or what stands before it. Called by one thread, in order. */
public interface BatchLog extends AutoCloseable {

    /**
     * Appends a batch. May block for a short time; batches become durable in the order of the calls.
     *
     * @return completes when the batch is durable, exceptionally when it will not be; never cancelled
     */
    CompletionStage<Void> append(byte[] batch);

    @Override
    void close();
}
