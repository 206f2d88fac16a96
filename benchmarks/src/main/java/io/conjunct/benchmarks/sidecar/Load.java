// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Clients that send the mix over several connections, as fast as they are answered or at a given rate. */
final class Load {
    private final SpanMix mix;
    private final Sender.Transport transport;
    private final int httpPort;
    private final int grpcPort;
    private final int connections;

    Load(SpanMix mix, Sender.Transport transport, int httpPort, int grpcPort, int connections) {
        this.mix = mix;
        this.transport = transport;
        this.httpPort = httpPort;
        this.grpcPort = grpcPort;
        this.connections = connections;
    }

    /**
     * What clients saw.
     *
     * @param accepted spans answered with success
     * @param refused spans answered otherwise, or not at all
     * @param nanos how long answers took, ascending
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by content nowhere; the array is never changed
    record Seen(long accepted, long refused, long[] nanos) {
        double millis(double quantile) {
            return nanos.length == 0 ? 0 : nanos[(int) Math.min(nanos.length - 1, quantile * nanos.length)] / 1e6;
        }
    }

    /** Sends at least so many spans. */
    Seen send(long spans) throws IOException, InterruptedException {
        return run(spans, 0, false);
    }

    /** Sends so many spans at so many per second; a client that fell behind catches up. */
    Seen send(long spans, double spansPerSecond) throws IOException, InterruptedException {
        return run(spans, spansPerSecond, false);
    }

    /** The same until nobody answers any more: what was not answered then is not counted. */
    Seen sendUntilGone(long spans, double spansPerSecond) throws IOException, InterruptedException {
        return run(spans, spansPerSecond, true);
    }

    private Seen run(long spans, double rate, boolean untilGone) throws IOException, InterruptedException {
        long requests = Math.max(1, spans / mix.spans());
        AtomicLong next = new AtomicLong();
        AtomicLong accepted = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        AtomicReference<IOException> failure = new AtomicReference<>();
        long[] nanos = new long[(int) requests];
        long begin = System.nanoTime();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Thread client = new Thread(() -> {
                try (Sender sender = transport.connect(httpPort, grpcPort)) {
                    for (long n = next.getAndIncrement(); n < requests; n = next.getAndIncrement()) {
                        await(begin, rate, n);
                        byte[] request = mix.next(System.currentTimeMillis());
                        long sent = System.nanoTime();
                        boolean ok = sender.send(request);
                        nanos[(int) n] = System.nanoTime() - sent;
                        (ok ? accepted : refused).addAndGet(mix.spans());
                    }
                } catch (IOException e) {
                    if (!untilGone) {
                        failure.compareAndSet(null, e);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            client.start();
            clients.add(client);
        }
        for (Thread client : clients) {
            client.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        Arrays.sort(nanos);
        return new Seen(accepted.get(), refused.get(), nanos);
    }

    private void await(long begin, double rate, long number) throws InterruptedException {
        if (rate > 0) {
            long due = begin + (long) (number * mix.spans() / rate * 1e9);
            long left = due - System.nanoTime();
            if (left > 0) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
        }
    }
}
