/** What pages were worth: verdicts, incidents, each rule's track record, and the gate that a noisy rule does not pass. */
@NullMarked
package io.conjunct.record;

import org.jspecify.annotations.NullMarked;
