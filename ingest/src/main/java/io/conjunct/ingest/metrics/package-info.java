/** What the sidecar says about itself: counters and quiet log lines. */
@NullMarked
package io.conjunct.ingest.metrics;

import org.jspecify.annotations.NullMarked;
