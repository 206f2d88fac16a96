/** The two doors: OTLP over gRPC and over HTTP. */
@NullMarked
package io.conjunct.ingest.server;

import org.jspecify.annotations.NullMarked;
