/** The ledger over HTTP. */
@NullMarked
package io.conjunct.sink.ledger;

import org.jspecify.annotations.NullMarked;
