// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.event.MalformedBatchException;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A partition that outlives the sidecars that write to it over connections, and can be away. Leaves out duplicates as
 * the engine does: same or older epoch, same or older number.
 */
final class SurvivingTopic implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> connections = new HashSet<>();
    private final Map<Long, Integer> counts = new HashMap<>();
    private boolean away;
    private long epoch;
    private long sequence;
    private int duplicates;

    SurvivingTopic() throws IOException {
        Thread acceptor = new Thread(this::accept);
        acceptor.setDaemon(true);
        acceptor.start();
    }

    int port() {
        return server.getLocalPort();
    }

    synchronized void away(boolean isAway) throws IOException {
        away = isAway;
        for (Socket connection : away ? Set.copyOf(connections) : Set.<Socket>of()) {
            connection.close();
        }
    }

    /** How often each event was counted; an event is known by its duration. */
    synchronized Map<Long, Integer> counts() {
        return Map.copyOf(counts);
    }

    synchronized int duplicates() {
        return duplicates;
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                Thread reader = new Thread(() -> read(connection));
                reader.setDaemon(true);
                reader.start();
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void read(Socket connection) {
        try (connection) {
            synchronized (this) {
                if (away) {
                    return;
                }
                connections.add(connection);
            }
            DataInputStream in = new DataInputStream(connection.getInputStream());
            while (true) {
                byte[] batch = new byte[in.readInt()];
                in.readFully(batch);
                take(EventBatch.decode(batch));
                connection.getOutputStream().write(1);
            }
        } catch (MalformedBatchException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            // The sidecar was killed, or the topic went away.
        } finally {
            synchronized (this) {
                connections.remove(connection);
            }
        }
    }

    private synchronized void take(EventBatch batch) {
        Header header = batch.header();
        if (header.epoch() < epoch || (header.epoch() == epoch && header.sequence() <= sequence)) {
            duplicates++;
            return;
        }
        epoch = header.epoch();
        sequence = header.sequence();
        for (Rows rows : batch.rows()) {
            for (long id : (long[]) rows.columns()[0]) {
                counts.merge(id, 1, Integer::sum);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
