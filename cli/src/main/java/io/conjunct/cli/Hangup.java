// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** SIGHUP, which by custom asks a process to read its files again. */
final class Hangup {
    private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

    private Hangup() {}

    /** Runs this in a thread of its own at every SIGHUP, instead of ending the process. */
    static void to(Runnable work) {
        try {
            Signal.handle(new Signal("HUP"), signal -> work.run());
        } catch (IllegalArgumentException e) {
            // Windows has no such signal, and -Xrs keeps them from Java.
            LOG.debug("no SIGHUP here: {}", e.toString());
        }
    }
}
