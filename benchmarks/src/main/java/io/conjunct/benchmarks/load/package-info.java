/** The whole path under load: a real broker, the real topology, exactly once. */
@NullMarked
package io.conjunct.benchmarks.load;

import org.jspecify.annotations.NullMarked;
