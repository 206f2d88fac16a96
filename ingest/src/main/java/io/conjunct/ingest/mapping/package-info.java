/** From telemetry to events: names, limits, time, deltas, histograms. */
@NullMarked
package io.conjunct.ingest.mapping;

import org.jspecify.annotations.NullMarked;
