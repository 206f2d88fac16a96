// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.admin.AdminServer;
import io.conjunct.cli.admin.ComponentState;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The admin port while it opens, in a thread of its own, as soon as somebody wants it or after {@value #LATEST_MILLIS} ms:
 * to load Java's HTTP server takes what a sidecar needs to open its doors first, but a probe need not wait for a long spool.
 */
final class AdminStart {
    private static final long LATEST_MILLIS = 500;

    private final ServerOptions options;
    private final CountDownLatch wanted = new CountDownLatch(1);
    private final FutureTask<AdminServer> opening;

    private AdminStart(ServerOptions options, PrometheusRegistry registry, Supplier<List<ComponentState>> states) {
        this.options = options;
        this.opening = new FutureTask<>(() -> {
            var unused = wanted.await(LATEST_MILLIS, TimeUnit.MILLISECONDS);
            return AdminServer.start(
                    options.bind.get(), options.adminPort.get(), registry, states, VersionCommand.version());
        });
    }

    /** Begins to open it. */
    static AdminStart begin(ServerOptions options, PrometheusRegistry registry, Supplier<List<ComponentState>> states) {
        AdminStart begun = new AdminStart(options, registry, states);
        Thread thread = new Thread(begun.opening, "admin-start");
        thread.setDaemon(true);
        thread.start();
        return begun;
    }

    /** It need not wait any longer. */
    void want() {
        wanted.countDown();
    }

    /**
     * Open, as soon as it is.
     *
     * @throws ConfigurationProblem when it cannot listen there
     */
    AdminServer await() {
        want();
        try {
            return opening.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException taken) {
                throw options.cannotListen(options.adminPort.get(), "--admin-port", taken);
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the admin port opens", e);
        }
    }

    void close() {
        want();
        AdminServer opened;
        try {
            opened = opening.get();
        } catch (ExecutionException e) {
            // Whoever waited for it knows.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        opened.close();
    }
}
