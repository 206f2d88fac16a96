/** What a receiver is, what may come of a delivery, and how secrets are kept out of sight. */
@NullMarked
package io.conjunct.sink.receiver;

import org.jspecify.annotations.NullMarked;
