// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ports of processes that are measured. */
final class Ports {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

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

    /** Asks the kernel, because a connection would cost the listener time. */
    private static boolean isOpen(int port) throws IOException {
        String local = String.format(":%04X ", port);
        return isListening(Path.of("/proc/net/tcp"), local) || isListening(Path.of("/proc/net/tcp6"), local);
    }

    private static boolean isListening(Path table, String local) throws IOException {
        try (var lines = Files.lines(table)) {
            return lines.anyMatch(line -> line.contains(local) && line.contains(":0000 0A "));
        }
    }
}
