// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.http;

import io.conjunct.sink.receiver.Secret;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * An address to post to. Its path and query are a secret (a Slack webhook is nothing else), so it prints as scheme, host
 * and port. At most {@value #MAX_LENGTH} characters.
 */
public final class Endpoint {
    private static final int MAX_LENGTH = 2_048;

    private final URI uri;

    private Endpoint(URI uri) {
        this.uri = uri;
    }

    /**
     * Checks an address.
     *
     * @throws IllegalArgumentException with what is wrong, never with the address itself
     */
    public static Endpoint of(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            // Not the cause: its message repeats the address.
            throw new IllegalArgumentException("not a URL (expected: https://host/path)");
        }
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(text.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        if (!"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
            throw new IllegalArgumentException("not a web address (expected: https://host/path)");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("no host (expected: https://host/path)");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("name and password in the URL (expected: bearer_token)");
        }
        return new Endpoint(uri);
    }

    /** The whole address: only for the request. */
    public URI reveal() {
        return uri;
    }

    /** The same scheme, host and port, another path. */
    public Endpoint at(String path) {
        return new Endpoint(uri.resolve(path));
    }

    /** The same address with this path behind its own. */
    public Endpoint below(String path) {
        String text = uri.toString();
        return new Endpoint(URI.create(text + (text.endsWith("/") ? "" : "/") + path));
    }

    /** The same words without the secret part of this address. */
    public String redact(String words) {
        String redacted = words.replace(uri.toString(), toString());
        String path = uri.getRawPath();
        if (path != null && path.length() > 4) {
            redacted = redacted.replace(path, Secret.MASK);
        }
        return uri.getRawQuery() == null || uri.getRawQuery().length() < 4
                ? redacted
                : redacted.replace(uri.getRawQuery(), Secret.MASK);
    }

    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }
}
