// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of one door, with a bound. When one too many comes, the connection is closed that has been quiet
 * longest among those of the address that has most: who opens thousands closes its own. Thread-safe.
 */
final class Connections {
    private final String door;
    private final int most;
    private final IngestMetrics metrics;
    private final Consumer<Channel> welcome;
    private final Map<@Nullable InetAddress, Set<Guest>> byAddress = new HashMap<>();
    private int open;

    /**
     * Nobody is here at first.
     *
     * @param door what metrics call it
     * @param most how many may be open
     * @param welcome what else to do with one that comes, before anything is read from it
     */
    Connections(String door, int most, IngestMetrics metrics, Consumer<Channel> welcome) {
        this.door = door;
        this.most = most;
        this.metrics = metrics;
        this.welcome = welcome;
    }

    /** A listening socket whose connections are counted here. */
    NioServerSocketChannel newServerChannel() {
        return new NioServerSocketChannel() {
            @Override
            protected int doReadMessages(List<Object> accepted) throws Exception {
                int before = accepted.size();
                int count = super.doReadMessages(accepted);
                for (Object each : accepted.subList(before, accepted.size())) {
                    admit((Channel) each);
                }
                return count;
            }
        };
    }

    private void admit(Channel channel) {
        InetAddress address =
                channel.remoteAddress() instanceof InetSocketAddress internet ? internet.getAddress() : null;
        Guest guest = new Guest(channel);
        channel.pipeline().addFirst(guest);
        welcome.accept(channel);
        Guest evicted;
        synchronized (this) {
            evicted = open >= most ? quietest() : null;
            byAddress.computeIfAbsent(address, a -> new HashSet<>()).add(guest);
            open++;
            metrics.connections(door, open);
        }
        channel.closeFuture().addListener(closed -> remove(address, guest));
        if (evicted != null) {
            metrics.connectionClosed(door, "crowded");
            evicted.channel.close();
        }
    }

    private @Nullable Guest quietest() {
        Comparator<Set<Guest>> bySize = Comparator.comparingInt(Set::size);
        long now = System.nanoTime();
        return byAddress.values().stream()
                .max(bySize)
                .flatMap(crowd -> crowd.stream()
                        .filter(guest -> !guest.evicted)
                        .max(Comparator.comparingLong(guest -> now - guest.heardNanos)))
                .map(Guest::evict)
                .orElse(null);
    }

    private synchronized void remove(@Nullable InetAddress address, Guest guest) {
        Set<Guest> crowd = byAddress.get(address);
        if (crowd != null && crowd.remove(guest)) {
            open--;
            metrics.connections(door, open);
            if (crowd.isEmpty()) {
                byAddress.remove(address);
            }
        }
    }

    /** One connection and when it was last heard of. */
    private static final class Guest extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private volatile long heardNanos = System.nanoTime();
        private boolean evicted;

        Guest(Channel channel) {
            this.channel = channel;
        }

        Guest evict() {
            evicted = true;
            return this;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            heardNanos = System.nanoTime();
            context.fireChannelRead(message);
        }
    }
}
