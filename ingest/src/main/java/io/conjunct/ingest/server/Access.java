// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may send, and how much. Without tokens everybody may, as is right on a loopback address. Tokens are kept as SHA-256
 * and all of them are compared, in constant time, for every request; neither a log line nor a metric ever holds one.
 * Thread-safe.
 */
public final class Access {
    private static final String SCHEME = "bearer ";

    private final List<Client> clients = new ArrayList<>();

    /**
     * Knows who may send.
     *
     * @param tokens by the name of their client
     * @param bytesPerSecond of bodies, per client, with a burst of ten seconds; 0 for no quota
     */
    public Access(Map<String, String> tokens, long bytesPerSecond) {
        tokens.forEach((name, token) ->
                clients.add(new Client(digest(token), bytesPerSecond == 0 ? null : new ByteQuota(bytesPerSecond))));
    }

    @SuppressWarnings("ArrayRecordComponent") // compared in constant time only
    private record Client(byte[] digest, @Nullable ByteQuota quota) {}

    /** What a request with this Authorization header and body length is refused with, if it is. */
    Optional<Reply> refusal(@Nullable String authorization, long bodyBytes) {
        if (clients.isEmpty()) {
            return Optional.empty();
        }
        String given = authorization == null ? "" : authorization;
        boolean bearer = given.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        byte[] offered = digest(bearer ? given.substring(SCHEME.length()).strip() : "");
        Client found = null;
        for (Client client : clients) {
            if (MessageDigest.isEqual(client.digest, offered)) {
                found = client;
            }
        }
        if (found == null || !bearer) {
            return Optional.of(Reply.failed(Outcome.UNAUTHENTICATED, "a bearer token is needed that is known here"));
        }
        return found.quota == null || found.quota.take(bodyBytes)
                ? Optional.empty()
                : Optional.of(Reply.failed(Outcome.OVER_QUOTA, "this token has sent as much as it may for now"));
    }

    /** Takes from the quota what was only known after the request was let in. */
    void spend(@Nullable String authorization, long bytes) {
        var unused = refusal(authorization, bytes);
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
