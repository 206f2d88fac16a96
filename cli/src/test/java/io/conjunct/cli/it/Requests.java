// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A steady stream of requests to an application: so many a round, ten rounds a second, until it is closed. */
final class Requests implements AutoCloseable {
    private static final Duration ROUND = Duration.ofMillis(100);

    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> running;

    private Requests(int perRound, Runnable request) {
        running = rounds.scheduleAtFixedRate(
                () -> {
                    for (int i = 0; i < perRound; i++) {
                        request.run();
                    }
                },
                0,
                ROUND.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    static Requests start(int perRound, Runnable request) {
        return new Requests(perRound, request);
    }

    /** The last round has ended when this returns. */
    @Override
    public void close() {
        running.cancel(false);
        rounds.shutdown();
        try {
            if (!rounds.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("a round does not end");
            }
            if (running.isDone() && !running.isCancelled()) {
                running.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a request failed", e);
        }
    }
}
