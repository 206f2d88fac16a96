/** Recorded files: a stretch of the event log on disk, to be replayed by backtests and explanations. */
@NullMarked
package io.conjunct.history;

import org.jspecify.annotations.NullMarked;
