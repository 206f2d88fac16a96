// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens on SIGTERM and SIGINT: the node drains, and the process ends with 0 when it could. Java by itself ends
 * with 128 + the signal's number, which supervisors take for a failure.
 */
final class Termination {
    private static final Logger LOG = LoggerFactory.getLogger(Termination.class);
    private static final AtomicBoolean DISARMED = new AtomicBoolean();

    private Termination() {}

    /**
     * Drains this node when the process is told to end. At most one node a process.
     *
     * @param drainedCode the exit code when all of it closed in time
     */
    static void drain(Node node, IntSupplier drainedCode) {
        Thread hook = new Thread(
                () -> {
                    if (DISARMED.get()) {
                        return;
                    }
                    LOG.info("Stopping");
                    long begin = System.nanoTime();
                    boolean drained = node.stop();
                    LOG.info("Stopped in {} ms", (System.nanoTime() - begin) / 1_000_000);
                    Runtime.getRuntime().halt(drained ? drainedCode.getAsInt() : Conjunct.EXIT_FINDINGS);
                },
                "termination");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** From here on the exit code is the command's own. */
    static void disarm() {
        DISARMED.set(true);
    }

    /** Stays until the process is told to end: the hook ends it, this thread never does. */
    static void await() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
