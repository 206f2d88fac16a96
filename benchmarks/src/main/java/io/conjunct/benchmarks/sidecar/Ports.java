// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ports of processes that are measured. */
final class Ports {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Loopback has many addresses. */
    private static final byte[] ELSEWHERE = {127, 0, 0, 2};

    private Ports() {}

    /** So many ports that nobody listens on. */
    static List<Integer> free(int count) throws IOException {
        List<ServerSocket> probes = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        try {
            // Held together, so that they differ.
            for (int i = 0; i < count; i++) {
                ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                probes.add(probe);
                ports.add(probe.getLocalPort());
            }
        } finally {
            for (ServerSocket probe : probes) {
                probe.close();
            }
        }
        return ports;
    }

    /** Returns as soon as a process listens on all of these. */
    static void awaitOpen(Process process, int... ports) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int port : ports) {
            while (!isOpen(port)) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    process.destroyForcibly();
                    throw new IOException("nobody listens on port " + port);
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
        }
    }

    /**
     * By connecting, from another address so that no probe meets itself. To read the kernel's table took four fifths of one of
     * two cores from what is measured.
     */
    private static boolean isOpen(int port) throws IOException {
        InetAddress from = InetAddress.getByAddress(ELSEWHERE);
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port, from, 0)) {
            return probe.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }
}
