// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.pagerduty;

import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.conjunct.sink.receiver.Secret;
import io.conjunct.sink.receiver.Surroundings;
import io.conjunct.sink.yaml.Section;
import java.util.Optional;

/**
 * {@code pagerduty: {routing_key: "${env:…}"}}, and {@code url} for the European service, {@code https://events.eu.pagerduty.com}.
 *
 * @param url scheme and host
 * @param routingKey of an Events API v2 integration, 32 characters
 */
public record PagerDutySettings(Endpoint url, Secret routingKey) implements ReceiverSettings {
    static final int KEY_LENGTH = 32;
    private static final String US = "https://events.pagerduty.com";

    /** Reads the section of the receivers file. */
    public static Optional<ReceiverSettings> read(Section section, AllowedHosts hosts) {
        Optional<Secret> key = section.requiredSecret("routing_key");
        if (key.isPresent() && key.get().reveal().length() != KEY_LENGTH) {
            section.problem(
                    section.has("routing_key") ? "routing_key" : "routing_key_file",
                    "receivers/value",
                    "routing_key: " + key.get().reveal().length() + " characters (expected: " + KEY_LENGTH
                            + "); copy the integration key of an Events API v2 integration");
            key = Optional.empty();
        }
        String text = section.has("url") ? section.textOrReference("url").orElse("") : US;
        Optional<Endpoint> url = text.isEmpty() ? Optional.empty() : hosts.endpoint(section, "url", text);
        return key.isPresent() && url.isPresent()
                ? Optional.of(new PagerDutySettings(url.get(), key.get()))
                : Optional.empty();
    }

    @Override
    public Receiver open(Surroundings around) {
        return new PagerDuty(this, around);
    }
}
