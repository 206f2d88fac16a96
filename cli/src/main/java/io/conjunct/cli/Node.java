// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.Component.Closing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running components of one process, and how they stop together. */
final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    /** For all components together: within the grace period that supervisors give. */
    static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final List<Component> components = new ArrayList<>();
    private volatile boolean stopping;
    private boolean stopped;
    private boolean drained;

    /** Takes over a running component. */
    synchronized void add(Component component) {
        components.add(component);
    }

    /** In the order in which they were started. */
    synchronized List<Component> components() {
        return List.copyOf(components);
    }

    /** Whether it is on its way out: nothing new should be sent here. */
    boolean stopping() {
        return stopping;
    }

    /**
     * Is not ready any more, then closes stage by stage, within a stage the newest first. A component that fails or does
     * not end in time is logged and does not keep the others from closing.
     *
     * @return whether all of them closed within {@link #STOP_LIMIT}
     */
    boolean stop() {
        stopping = true;
        synchronized (this) {
            if (!stopped) {
                stopped = true;
                drained = closeAll();
            }
            return drained;
        }
    }

    private boolean closeAll() {
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        List<Component> order = new ArrayList<>(components);
        Collections.reverse(order);
        order.sort(Comparator.comparing(Component::stage));
        ExecutorService closer = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "close");
            thread.setDaemon(true);
            return thread;
        });
        boolean all = true;
        for (Component component : order) {
            all &= close(component, closer, deadline);
        }
        closer.shutdown();
        return all;
    }

    private static boolean close(Component component, ExecutorService closer, long deadline) {
        long begin = System.nanoTime();
        Future<?> closed = closer.submit(() -> call(component.closing()));
        try {
            closed.get(Math.max(1, deadline - begin), TimeUnit.NANOSECONDS);
            LOG.debug("Closed {} in {} ms", component.name(), (System.nanoTime() - begin) / 1_000_000);
            return true;
        } catch (TimeoutException e) {
            LOG.error("{} did not close within the {} s of the whole node", component.name(), STOP_LIMIT.toSeconds());
        } catch (ExecutionException e) {
            LOG.error("{} did not close well", component.name(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static @Nullable Void call(Closing closing) throws IOException {
        closing.close();
        return null;
    }
}
