// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.receiver;

import java.time.Duration;

/**
 * What came of one attempt to deliver. A {@code detail} is one line for the log: at most {@value #MAX_DETAIL} characters
 * and free of secrets, which is the receiver's duty.
 */
public sealed interface Outcome {
    /** The longest detail, in characters. */
    int MAX_DETAIL = 300;

    /**
     * The provider has it.
     *
     * @param receipt what the receiver needs to find it again, at most {@value Receipts#MAX_LENGTH} characters, kept in the
     *     delivery log; empty when it needs nothing
     */
    record Delivered(String receipt) implements Outcome {
        public Delivered {
            if (receipt.length() > Receipts.MAX_LENGTH) {
                throw new IllegalArgumentException(
                        "receipt: " + receipt.length() + " characters (expected: at most " + Receipts.MAX_LENGTH + ")");
            }
        }

        /** Without a receipt. */
        public Delivered() {
            this("");
        }
    }

    /** Not tried: our own pace forbids it for this long. Not a failure. */
    record NotYet(Duration pause) implements Outcome {}

    /** Failed, and may succeed later: try again, not before {@code after} has passed (zero when not told). */
    record Retry(FailureReason reason, String detail, Duration after) implements Outcome {
        public Retry {
            detail = oneLine(detail);
        }
    }

    /** Failed for good: the same message would be refused again. */
    record Refused(FailureReason reason, String detail) implements Outcome {
        public Refused {
            detail = oneLine(detail);
        }
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        if (line.length() <= MAX_DETAIL) {
            return line;
        }
        int end = MAX_DETAIL - 1;
        if (Character.isHighSurrogate(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(0, end) + "…";
    }
}
