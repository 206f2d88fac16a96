// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The threads of a sidecar. Their queues are bounded by what feeds them: connections for HTTP, calls per connection for
 * gRPC, requests under way for answers.
 */
final class Workers implements AutoCloseable {
    /** A client that sends slowly holds one of these until the server's time limit for a request. */
    private static final int HTTP = 32;

    private static final int GRPC = 4;
    private static final int ANSWERS = 2;

    private final ExecutorService http = pool("http", HTTP);
    private final ExecutorService grpc = pool("grpc", GRPC);
    private final ExecutorService answers = pool("answer", ANSWERS);

    ExecutorService http() {
        return http;
    }

    ExecutorService grpc() {
        return grpc;
    }

    ExecutorService answers() {
        return answers;
    }

    /** Waits until the condition holds, looking every few milliseconds. */
    void awaitIdle(BooleanSupplier idle, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!idle.getAsBoolean() && System.nanoTime() < deadline) {
                if (never.await(5, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        grpc.shutdownNow();
        answers.shutdownNow();
    }

    private static ExecutorService pool(String name, int threads) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "conjunct-ingest-" + name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
