// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens on SIGTERM and SIGINT: the node drains, and the process ends with 0 when it could. Java by itself ends
 * with 128 + the signal's number, which supervisors take for a failure.
 */
final class Termination {
    private static final Logger LOG = LoggerFactory.getLogger(Termination.class);
    private static final AtomicBoolean DISARMED = new AtomicBoolean();

    private final CountDownLatch requested = new CountDownLatch(1);

    private Termination() {}

    /** Drains this node when the process is told to end. At most one node a process. */
    static Termination drain(Node node) {
        Termination termination = new Termination();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (DISARMED.get()) {
                                return;
                            }
                            termination.requested.countDown();
                            LOG.info("Stopping");
                            boolean drained = node.stop();
                            Runtime.getRuntime().halt(drained ? Conjunct.EXIT_OK : Conjunct.EXIT_FINDINGS);
                        },
                        "termination"));
        return termination;
    }

    /** From here on the exit code is the command's own. */
    static void disarm() {
        DISARMED.set(true);
    }

    /** Returns when the process is told to end; the hook does the rest. */
    void await() throws InterruptedException {
        requested.await();
        // The hook ends the process; this thread must not end it first, with another code.
        new CountDownLatch(1).await();
    }
}
