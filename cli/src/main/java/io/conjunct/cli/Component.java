// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A running part of a node: the broker, the sidecar, the correlator, the sink.
 *
 * @param name one word, as {@code /readyz} shows it
 * @param stage when it stops
 * @param notReady why it cannot do its work now, empty while it can; cheap, because every probe asks
 * @param details where to find it, such as an address, or how it is; an empty text when there is nothing to tell
 * @param closing stops it
 */
record Component(
        String name, Stage stage, Supplier<Optional<String>> notReady, Supplier<String> details, Closing closing) {
    /** With a detail that stays. */
    Component(String name, Stage stage, Supplier<Optional<String>> notReady, String detail, Closing closing) {
        this(name, stage, notReady, () -> detail, closing);
    }

    String detail() {
        return details.get();
    }

    /** The order of a stop is that of the data: what was taken in still gets out. */
    enum Stage {
        INTAKE,
        CORRELATION,
        DELIVERY,
        /** What the others stand on. */
        FOUNDATION
    }

    /** Stops a component. */
    @FunctionalInterface
    interface Closing {
        void close() throws IOException;
    }
}
