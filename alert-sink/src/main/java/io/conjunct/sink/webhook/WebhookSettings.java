// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.webhook;

import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.conjunct.sink.receiver.Secret;
import io.conjunct.sink.receiver.Surroundings;
import io.conjunct.sink.yaml.Section;
import java.util.Optional;

/** {@code webhook: {url: https://…, bearer_token: "${env:…}"}}; its host must stand in {@code allow_hosts}. */
public record WebhookSettings(Endpoint url, Optional<Secret> bearerToken) implements ReceiverSettings {
    /** Reads the section of the receivers file. */
    public static Optional<ReceiverSettings> read(Section section, AllowedHosts hosts) {
        if (!section.has("url")) {
            section.problem("url", "receivers/missing-key", "webhook: url is missing; write url: https://host/path");
        }
        Optional<Secret> token = section.secret("bearer_token");
        if (token.isPresent() && !token.get().reveal().matches("[\\x21-\\x7e]+")) {
            section.problem(
                    section.has("bearer_token") ? "bearer_token" : "bearer_token_file",
                    "receivers/value",
                    "bearer_token: not a token (expected: printable ASCII without spaces)");
            return Optional.empty();
        }
        return section.textOrReference("url")
                .flatMap(text -> hosts.endpoint(section, "url", text))
                .map(url -> new WebhookSettings(url, token));
    }

    @Override
    public Receiver open(Surroundings around) {
        return new Webhook(this, around.http());
    }
}
