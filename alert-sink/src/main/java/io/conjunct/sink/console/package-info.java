/** Alerts as lines on standard output. */
@NullMarked
package io.conjunct.sink.console;

import org.jspecify.annotations.NullMarked;
