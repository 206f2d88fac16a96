/** JMH benchmarks of the hot path, one step at a time, with peers beside ours. */
@NullMarked
package io.conjunct.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
