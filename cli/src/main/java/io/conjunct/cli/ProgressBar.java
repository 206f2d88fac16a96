// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Progress;
import java.io.PrintStream;

/** A line on the terminal that is written over again and again, and gone at the end. At most ten times a second. */
final class ProgressBar implements Progress, AutoCloseable {
    private static final int WIDTH = 40;
    private static final long STEP_NANOS = 100_000_000;

    private final PrintStream terminal;
    private final boolean shown;
    private final long begin = System.nanoTime();
    private long last = begin;
    private boolean dirty;

    private ProgressBar(PrintStream terminal, boolean shown) {
        this.terminal = terminal;
        this.shown = shown;
    }

    /** Shown on standard error, and only when a person is there; Java 22 and later may think so of a pipe, too. */
    @SuppressWarnings("SystemConsoleNull")
    static ProgressBar forPeople() {
        return new ProgressBar(System.err, System.console() != null && System.getenv("CI") == null);
    }

    @Override
    public synchronized void at(long done, long total) {
        long now = System.nanoTime();
        if (!shown || now - last < STEP_NANOS || total <= 0) {
            return;
        }
        last = now;
        dirty = true;
        int filled = (int) (done * WIDTH / total);
        double seconds = (now - begin) / 1e9;
        long left = Math.round(seconds * (total - done) / Math.max(1, done));
        terminal.print("\r[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + done * 100 / total + " %, "
                + left + " s left \u001b[K");
        terminal.flush();
    }

    @Override
    public synchronized void close() {
        if (dirty) {
            terminal.print("\r\u001b[K");
            terminal.flush();
        }
    }
}
