// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Gives up calls whose request does not arrive in time: a client without a deadline would hold its call for ever. */
final class PatientInterceptor implements ServerInterceptor {
    private final ScheduledExecutorService timer;
    private final Duration patience;
    private final IngestMetrics metrics;

    PatientInterceptor(ScheduledExecutorService timer, Duration patience, IngestMetrics metrics) {
        this.timer = timer;
        this.patience = patience;
        this.metrics = metrics;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        AtomicBoolean decided = new AtomicBoolean();
        ScheduledFuture<?> deadline = timer.schedule(
                () -> {
                    if (decided.compareAndSet(false, true)) {
                        metrics.connectionClosed("grpc", "slow");
                        call.close(
                                Status.UNAVAILABLE.withDescription("the request did not arrive in time"),
                                new Metadata());
                    }
                },
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onHalfClose() {
                deadline.cancel(false);
                if (decided.compareAndSet(false, true)) {
                    super.onHalfClose();
                }
            }

            @Override
            public void onCancel() {
                deadline.cancel(false);
                super.onCancel();
            }
        };
    }
}
