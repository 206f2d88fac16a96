// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.util.concurrent.Executor;

/**
 * Runs what happens to gRPC calls: that one begins at once, on the thread that says so, since all it does then is to wait
 * for its turn; the rest on other threads. Waking one is dearer than that. Thread-safe.
 */
final class CallExecutor implements Executor {
    private final Executor others;
    private final ThreadLocal<Boolean> beginning = ThreadLocal.withInitial(() -> false);

    CallExecutor(Executor others) {
        this.others = others;
    }

    /** Until {@link #begun}, what this thread hands over is how a call begins. */
    void begin() {
        beginning.set(true);
    }

    void begun() {
        beginning.set(false);
    }

    @Override
    public void execute(Runnable task) {
        if (beginning.get()) {
            task.run();
        } else {
            others.execute(task);
        }
    }
}
