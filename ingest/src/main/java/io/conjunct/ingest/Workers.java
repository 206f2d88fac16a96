// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The threads of a sidecar. Their queues are bounded by what feeds them: connections and bodies in files for HTTP, calls
 * per connection for gRPC, requests under way for answers.
 */
final class Workers implements AutoCloseable {
    private static final int LOOPS = 2;
    private static final int HTTP = 4;
    private static final int GRPC = 4;
    private static final int ANSWERS = 2;

    private final EventLoopGroup loops = loops(LOOPS);
    private final ExecutorService http = pool("http", HTTP);
    private final ExecutorService large = pool("large", 1);
    private final ExecutorService grpc = pool("grpc", GRPC);
    private final ExecutorService answers = pool("answer", ANSWERS);

    /** Their threads start with their first task. */
    static EventLoopGroup loops(int count) {
        return new MultiThreadIoEventLoopGroup(
                count, new DefaultThreadFactory("conjunct-ingest-io", true), NioIoHandler.newFactory());
    }

    /** Both doors' connections; none of them may block. */
    EventLoopGroup loops() {
        return loops;
    }

    ExecutorService http() {
        return http;
    }

    /** Bodies that lie in files, one at a time. */
    ExecutorService large() {
        return large;
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
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        http.shutdownNow();
        large.shutdownNow();
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
