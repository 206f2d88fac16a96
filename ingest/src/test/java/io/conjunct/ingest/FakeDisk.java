// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import io.conjunct.ingest.spool.FaultPoint;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The disk under a spool, which can be told to be full or to take its time. */
final class FakeDisk implements FaultPoint {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean failing;
    private int left = Integer.MAX_VALUE;
    private boolean stuck;
    private boolean holding;

    void fail(boolean fails) {
        lock.lock();
        try {
            failing = fails;
            left = Integer.MAX_VALUE;
        } finally {
            lock.unlock();
        }
    }

    /** It takes so many syncs more, and fails from then on. */
    void failAfter(int syncs) {
        lock.lock();
        try {
            left = syncs;
        } finally {
            lock.unlock();
        }
    }

    void hold(boolean holds) {
        lock.lock();
        try {
            stuck = holds;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits for it. */
    boolean isHolding() {
        lock.lock();
        try {
            return holding;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void hit(Moment moment) throws IOException {
        if (moment != Moment.BEFORE_SPOOL_FSYNCED) {
            return;
        }
        lock.lock();
        try {
            while (stuck) {
                holding = true;
                changed.awaitUninterruptibly();
            }
            holding = false;
            if (failing || left == 0) {
                throw new IOException("no space left on device");
            }
            left--;
        } finally {
            lock.unlock();
        }
    }
}
