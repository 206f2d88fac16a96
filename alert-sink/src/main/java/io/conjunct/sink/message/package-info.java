/** What a person reads: the facts of an alert in words and human units. */
@NullMarked
package io.conjunct.sink.message;

import org.jspecify.annotations.NullMarked;
