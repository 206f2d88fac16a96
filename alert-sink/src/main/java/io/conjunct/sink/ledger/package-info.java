/** The track record of every rule, folded from alerts, deliveries and verdicts. */
@NullMarked
package io.conjunct.sink.ledger;

import org.jspecify.annotations.NullMarked;
