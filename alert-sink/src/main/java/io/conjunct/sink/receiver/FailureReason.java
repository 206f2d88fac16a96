// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.receiver;

/**
 * Why a delivery did not succeed, in Alertmanager's words (its label {@code reason} since 0.34), so that its dashboards
 * fit ours.
 */
public enum FailureReason {
    /** 401 or 403: the secret is wrong or was withdrawn. */
    AUTH_ERROR("authError"),
    /** 429: the provider asks us to slow down. */
    RATE_LIMITED("rateLimited"),
    /** Any other 4xx: the provider refuses this very message. */
    CLIENT_ERROR("clientError"),
    /** 5xx: the provider is ill. */
    SERVER_ERROR("serverError"),
    /** No answer in time. */
    CONTEXT_DEADLINE_EXCEEDED("contextDeadlineExceeded"),
    /** The network, a name that does not resolve, a certificate, a redirect, an answer without meaning. */
    OTHER("other");

    private final String word;

    FailureReason(String word) {
        this.word = word;
    }

    /** The word metrics and dead letters use. */
    public String word() {
        return word;
    }
}
