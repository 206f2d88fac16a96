/** From events to the batches in Kafka, and the promise about time that they carry. */
@NullMarked
package io.conjunct.ingest.batch;

import org.jspecify.annotations.NullMarked;
