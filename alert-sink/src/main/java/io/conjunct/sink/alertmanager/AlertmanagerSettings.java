// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.alertmanager;

import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.conjunct.sink.receiver.Secret;
import io.conjunct.sink.receiver.Surroundings;
import io.conjunct.sink.yaml.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code alertmanager: {urls: [http://alertmanager-1:9093, http://alertmanager-2:9093], bearer_token: "${env:…}"}}: every
 * peer, not a load balancer before them. Their hosts must stand in {@code allow_hosts}. At most {@value #MAX_PEERS}.
 *
 * @param bearerToken for a proxy before it; Alertmanager itself knows none
 */
public record AlertmanagerSettings(List<Endpoint> peers, Optional<Secret> bearerToken) implements ReceiverSettings {
    private static final int MAX_PEERS = 8;
    private static final Duration EVERY = Duration.ofMinutes(1);

    public AlertmanagerSettings {
        peers = List.copyOf(peers);
        if (peers.isEmpty() || peers.size() > MAX_PEERS) {
            throw new IllegalArgumentException("peers: " + peers.size() + " (expected: 1 to " + MAX_PEERS + ")");
        }
    }

    /** Reads the section of the receivers file. */
    public static Optional<ReceiverSettings> read(Section section, AllowedHosts hosts) {
        Optional<Secret> token = section.secret("bearer_token");
        List<String> urls = List.copyOf(section.texts("urls").keySet());
        if (urls.isEmpty() || urls.size() > MAX_PEERS) {
            section.problem(
                    "urls",
                    "receivers/missing-key",
                    "urls: expected a list of 1 to " + MAX_PEERS + " addresses, one per peer, such as"
                            + " [http://alertmanager:9093]");
            return Optional.empty();
        }
        List<Endpoint> peers = new ArrayList<>();
        urls.forEach(url -> hosts.endpoint(section, "urls", url).ifPresent(peers::add));
        return peers.size() == urls.size() ? Optional.of(new AlertmanagerSettings(peers, token)) : Optional.empty();
    }

    @Override
    public Receiver open(Surroundings around) {
        return new Alertmanager(this, EVERY, around);
    }
}
