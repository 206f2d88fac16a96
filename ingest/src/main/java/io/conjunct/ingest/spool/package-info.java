/** Where acknowledged batches wait for Kafka: segments on disk, written in groups, read once. */
@NullMarked
package io.conjunct.ingest.spool;

import org.jspecify.annotations.NullMarked;
