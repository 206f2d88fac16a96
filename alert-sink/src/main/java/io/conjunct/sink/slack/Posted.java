// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.slack;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a message stands: the receipt of {@link SlackBot}, {@code channel ts thread}.
 *
 * @param ts the message, seconds since 1970 with six digits behind the point
 * @param thread the message its thread begins with, itself when it begins one
 */
record Posted(String channel, String ts, String thread) {
    private static final String TS = "[0-9]{1,12}\\.[0-9]{1,9}";
    private static final Pattern RECEIPT = Pattern.compile("([A-Z0-9]{2,32}) (" + TS + ") (" + TS + ")");

    Posted {
        if (!RECEIPT.matcher(channel + " " + ts + " " + thread).matches()) {
            throw new IllegalArgumentException("channel, ts: not Slack's (expected: C… and seconds.micros)");
        }
    }

    /** What {@link #receipt} wrote; empty when there is none. */
    static Optional<Posted> of(String receipt) {
        Matcher words = RECEIPT.matcher(receipt);
        return words.matches()
                ? Optional.of(new Posted(words.group(1), words.group(2), words.group(3)))
                : Optional.empty();
    }

    String receipt() {
        return channel + " " + ts + " " + thread;
    }

    /** When its thread began. */
    Instant threadAt() {
        return Instant.ofEpochSecond(Long.parseLong(thread.substring(0, thread.indexOf('.'))));
    }
}
