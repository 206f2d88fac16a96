/** Tests of verdicts, track records and the gate. */
@NullMarked
package io.conjunct.record;

import org.jspecify.annotations.NullMarked;
