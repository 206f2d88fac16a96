// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.slack;

import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.conjunct.sink.receiver.Secret;
import io.conjunct.sink.receiver.Surroundings;
import io.conjunct.sink.yaml.Section;
import java.util.Optional;

/**
 * {@code slack: {token: "${env:…}", channel: C0123456789}}: a bot with the scope {@code chat:write} that is a member of the
 * channel.
 *
 * @param api scheme and host of Slack's Web API
 * @param channel its identifier, for a message can be updated under that only
 * @param buttons whether messages of pages ask for a verdict
 */
public record SlackBotSettings(Endpoint api, Secret token, String channel, boolean buttons)
        implements ReceiverSettings {
    private static final String API = "https://slack.com";

    static Optional<ReceiverSettings> read(Section section, AllowedHosts hosts, boolean buttons) {
        Optional<Secret> token = section.requiredSecret("token");
        Optional<String> channel = section.text("channel");
        Optional<Endpoint> api =
                hosts.endpoint(section, "api_url", section.text("api_url").orElse(API));
        if (token.isPresent() && !token.get().reveal().matches("[\\x21-\\x7e]+")) {
            section.problem(
                    section.has("token") ? "token" : "token_file",
                    "receivers/value",
                    "token: not a token (expected: xoxb-…, printable ASCII without spaces)");
            return Optional.empty();
        }
        if (!channel.orElse("").matches("[CGD][A-Z0-9]{2,31}")) {
            section.problem(
                    "channel",
                    "receivers/value",
                    "channel: expected the channel's identifier, such as C0123456789; Slack shows it under \"View channel"
                            + " details\"");
            return Optional.empty();
        }
        return token.isPresent() && api.isPresent()
                ? Optional.of(new SlackBotSettings(api.get(), token.get(), channel.get(), buttons))
                : Optional.empty();
    }

    /** What Slack counts calls by. */
    Secret perChannel() {
        return new Secret(token.reveal() + " " + channel);
    }

    @Override
    public Receiver open(Surroundings around) {
        return new SlackBot(this, around);
    }
}
