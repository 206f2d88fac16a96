/** The sidecar: OTLP in, event batches to Kafka out. */
@NullMarked
package io.conjunct.ingest;

import org.jspecify.annotations.NullMarked;
