/** Reading OTLP requests off the wire, protobuf and JSON, without building their messages. */
@NullMarked
package io.conjunct.ingest.otlp;

import org.jspecify.annotations.NullMarked;
