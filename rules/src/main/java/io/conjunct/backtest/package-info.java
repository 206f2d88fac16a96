/** Rules judged on a recorded past with labelled incidents: precision, recall, delay, and what other rules would do. */
@NullMarked
package io.conjunct.backtest;

import org.jspecify.annotations.NullMarked;
