/** Measurements of Conjunct and its peers: what an event costs. */
@NullMarked
package io.conjunct.benchmarks;

import org.jspecify.annotations.NullMarked;
