/** Tests. */
@NullMarked
package io.conjunct.backtest;

import org.jspecify.annotations.NullMarked;
