// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.slack;

import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.conjunct.sink.receiver.Surroundings;
import io.conjunct.sink.yaml.Section;
import java.util.List;
import java.util.Optional;

/**
 * {@code slack: {webhook_url: "${env:…}"}}: the URL of an incoming webhook, which is a secret. With {@code token} and
 * {@code channel} instead it is a bot: {@link SlackBotSettings}.
 *
 * @param buttons whether messages of pages ask for a verdict; the app's interactivity must point to {@code /hooks/slack}
 */
public record SlackSettings(Endpoint webhookUrl, boolean buttons) implements ReceiverSettings {
    /** Reads the section of the receivers file. */
    public static Optional<ReceiverSettings> read(Section section, AllowedHosts hosts) {
        boolean buttons = section.choice("buttons", List.of("true", "false"))
                .map(Boolean::parseBoolean)
                .orElse(false);
        if (section.has("token") || section.has("token_file") || section.has("channel")) {
            return SlackBotSettings.read(section, hosts, buttons);
        }
        return section.requiredSecret("webhook_url")
                .flatMap(url -> hosts.endpoint(section, "webhook_url", url.reveal()))
                .map(url -> new SlackSettings(url, buttons));
    }

    @Override
    public Receiver open(Surroundings around) {
        return new Slack(webhookUrl, buttons, around);
    }
}
