// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.receiver;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** A receiver that forgets: what still holds must be said again and again, and that it is over for a while too. */
public interface Repeating extends Receiver {
    /** How often. */
    Duration every();

    /** How long after its delivery a resolve is repeated. */
    Duration resolvedFor();

    /**
     * Says it all again, once, and returns within the outbound deadline per address. What fails is said the next time.
     *
     * @param current asks for the receipts of the triggers and resolves that hold at that moment
     */
    void repeat(Supplier<List<String>> current) throws InterruptedException;
}
