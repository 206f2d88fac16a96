// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may send, and who has to wait. Without tokens everybody may send, as is right on a loopback address. Tokens are
 * kept as SHA-256 and all of them are compared, in constant time, for every request; neither a log line nor a metric ever
 * holds one.
 *
 * <p>While room is scarce, whoever sent more than the average sender lately is told to come back: loud clients make room
 * for quiet ones, and where there is one client only it is never in its own way. Bound: the {@value #MOST_ADDRESSES}
 * addresses that sent last. Thread-safe.
 */
public final class Access {
    static final int MOST_ADDRESSES = 1_000;

    private static final String SCHEME = "bearer ";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** Who sent less than this lately is not here any more. */
    private static final double SILENT = 1;

    private final BooleanSupplier scarce;
    private final Map<InetAddress, Sender> addresses = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Sender> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };
    private final Sender local = Sender.unlimited();
    private volatile Optional<List<Known>> known = Optional.empty();

    /**
     * Knows who may send.
     *
     * @param tokens empty to let everybody send
     * @param scarce whether there is so little room left that it has to be shared
     */
    public Access(Optional<List<ClientToken>> tokens, BooleanSupplier scarce) {
        this.scarce = scarce;
        tokens.ifPresent(this::replace);
    }

    @SuppressWarnings("ArrayRecordComponent") // compared in constant time only
    private record Known(ClientToken token, byte[] digest, Sender sender) {}

    /** From now on these may send and nobody else; a client whose entry did not change keeps what it has used. */
    public void replace(Collection<ClientToken> tokens) {
        List<Known> before = known.orElse(List.of());
        List<Known> now = new ArrayList<>();
        for (ClientToken token : tokens) {
            Sender sender = before.stream()
                    .filter(each -> each.token.equals(token))
                    .findFirst()
                    .map(Known::sender)
                    .orElseGet(() -> new Sender(token.bytesPerSecond(), token.eventsPerSecond()));
            now.add(new Known(token, digest(token.token()), sender));
        }
        known = Optional.of(List.copyOf(now));
    }

    /** Whose request has this Authorization header and address; null when nobody's who may send. */
    @Nullable
    Sender sender(@Nullable String authorization, @Nullable SocketAddress peer) {
        return known.isPresent() ? byToken(known.get(), authorization) : byAddress(peer);
    }

    private static @Nullable Sender byToken(List<Known> known, @Nullable String authorization) {
        String given = authorization == null ? "" : authorization;
        boolean bearer = given.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        byte[] offered = digest(bearer ? given.substring(SCHEME.length()).strip() : "");
        Sender found = null;
        for (Known each : known) {
            if (MessageDigest.isEqual(each.digest, offered)) {
                found = each.sender;
            }
        }
        return bearer ? found : null;
    }

    private Sender byAddress(@Nullable SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress address) || address.getAddress() == null) {
            return local;
        }
        synchronized (addresses) {
            return addresses.computeIfAbsent(address.getAddress(), a -> Sender.unlimited());
        }
    }

    /** What a sender's next request is refused with, if it is. */
    Optional<Reply> refusal(Sender sender) {
        Duration wait = sender.untilAvailable();
        if (!wait.isZero()) {
            return Optional.of(
                    Reply.later(Outcome.OVER_QUOTA, "this token has sent as much as it may for now", atMost(wait)));
        }
        if (!scarce.getAsBoolean()) {
            return Optional.empty();
        }
        double average = all().stream()
                .mapToDouble(Sender::recent)
                .filter(recent -> recent > SILENT)
                .average()
                .orElse(SILENT);
        // A sum of doubles is not exact: the only sender is its own average.
        if (sender.recent() <= average * 1.001) {
            return Optional.empty();
        }
        return Optional.of(Reply.later(
                Outcome.OVER_SHARE,
                "room is scarce and you sent more than others",
                atMost(sender.untilRecentIs(average))));
    }

    private static Duration atMost(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private List<Sender> all() {
        if (known.isPresent()) {
            return known.get().stream().map(Known::sender).toList();
        }
        synchronized (addresses) {
            return List.copyOf(addresses.values());
        }
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
