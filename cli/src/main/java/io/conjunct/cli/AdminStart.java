// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.admin.AdminServer;
import io.conjunct.cli.admin.ComponentState;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * The admin port while it opens, in a thread of its own: to load Java's HTTP server takes longer than a sidecar may wait
 * before it opens its doors.
 */
final class AdminStart {
    private final ServerOptions options;
    private final FutureTask<AdminServer> opening;

    private AdminStart(ServerOptions options, FutureTask<AdminServer> opening) {
        this.options = options;
        this.opening = opening;
    }

    /** Begins to open it. */
    static AdminStart begin(ServerOptions options, PrometheusRegistry registry, Supplier<List<ComponentState>> states) {
        FutureTask<AdminServer> opening = new FutureTask<>(() -> AdminServer.start(
                options.bind.get(), options.adminPort.get(), registry, states, VersionCommand.version()));
        Thread thread = new Thread(opening, "admin-start");
        thread.setDaemon(true);
        thread.start();
        return new AdminStart(options, opening);
    }

    /**
     * Open, as soon as it is.
     *
     * @throws ConfigurationProblem when it cannot listen there
     */
    AdminServer await() {
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
