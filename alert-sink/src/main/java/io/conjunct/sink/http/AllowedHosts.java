// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.http;

import io.conjunct.sink.yaml.Section;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which hosts may be spoken to. The providers' own hosts are implied, over TLS and at public addresses only; any other
 * host must be listed in {@code allow_hosts}, letter by letter, and then may be private and may speak plain HTTP. An
 * address is compared as it is written, so that its octal, decimal or mapped forms are other hosts. A listed host may be
 * kept to some kinds of receivers, and then names who answers for it.
 */
public final class AllowedHosts {
    /** PagerDuty (US, EU) and Slack (commercial, government): always allowed. */
    public static final List<String> OFFICIAL = List.of(
            "events.pagerduty.com",
            "events.eu.pagerduty.com",
            "hooks.slack.com",
            "hooks.slack-gov.com",
            "slack.com",
            "slack-gov.com");

    /**
     * A listed host.
     *
     * @param kinds of receivers that may speak to it; any when empty
     * @param owner who answers for it; may be empty
     */
    public record Host(String name, Set<String> kinds, String owner) {
        public Host {
            name = canonical(name);
            kinds = Collections.unmodifiableSet(new TreeSet<>(kinds));
        }
    }

    private final Map<String, Host> listed;
    /** The only kind of receiver that asks; empty when any may. */
    private final String kind;

    /** Hosts for every kind of receiver. */
    public AllowedHosts(Iterable<String> names) {
        this(new TreeMap<>(), "");
        names.forEach(name -> listed.put(canonical(name), new Host(name, Set.of(), "")));
    }

    private AllowedHosts(Map<String, Host> listed, String kind) {
        this.listed = listed;
        this.kind = kind;
    }

    /** Some for certain kinds of receivers only. */
    public static AllowedHosts of(Collection<Host> hosts) {
        Map<String, Host> listed = new TreeMap<>();
        hosts.forEach(host -> listed.put(host.name(), host));
        return new AllowedHosts(listed, "");
    }

    /** The same for one kind of receiver. */
    public AllowedHosts of(String newKind) {
        return new AllowedHosts(listed, newKind);
    }

    /** Whether the user listed it, for this kind of receiver if we are of one. */
    public boolean lists(String host) {
        Host found = listed.get(canonical(host));
        return found != null
                && (kind.isEmpty() || found.kinds().isEmpty() || found.kinds().contains(kind));
    }

    /** Why this address must not be called; empty when it may. Looks at the name only. */
    public Optional<String> objection(URI uri) {
        String host = uri.getHost();
        if (host == null) {
            return Optional.of("no host");
        }
        if (lists(host)) {
            return Optional.empty();
        }
        if (OFFICIAL.contains(canonical(host))) {
            return "https".equals(uri.getScheme())
                    ? Optional.empty()
                    : Optional.of("host " + host + " without https (expected: https, or the host in allow_hosts)");
        }
        Host other = listed.get(canonical(host));
        return Optional.of(
                other == null
                        ? "host " + host + " is not in allow_hosts"
                        : "host " + host + " is in allow_hosts for " + String.join(", ", other.kinds()) + " only");
    }

    /** The address a key of the receivers file gives; empty, with a problem that does not show it, when it is not good. */
    public Optional<Endpoint> endpoint(Section section, String key, String text) {
        try {
            Endpoint endpoint = Endpoint.of(text);
            Optional<String> objection = objection(endpoint.reveal());
            if (objection.isEmpty()) {
                return Optional.of(endpoint);
            }
            section.problem(
                    key, "receivers/host", key + ": " + objection.get() + "; list it there if it may be called");
        } catch (IllegalArgumentException e) {
            section.problem(key, "receivers/value", key + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    /** Whether an address a name resolved to may be connected to. */
    boolean allows(String host, InetAddress address) {
        return lists(host) || isPublic(address);
    }

    /** Neither this machine, nor its network, nor the cloud's metadata (link-local), nor a group of machines. */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (address instanceof Inet4Address) {
            boolean shared = first == 100 && second >= 64 && second < 128;
            boolean benchmark = first == 198 && (second == 18 || second == 19);
            return first != 0 && first < 240 && !shared && !benchmark;
        }
        if (address instanceof Inet6Address) {
            // Global unicast is 2000::/3; within it 2002::/16 (6to4) and 2001::/32 (Teredo) carry an IPv4 address, and
            // 64:ff9b::/96 (NAT64) is outside.
            boolean sixToFour = first == 0x20 && second == 0x02;
            boolean teredo = first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0;
            return (first & 0xe0) == 0x20 && !sixToFour && !teredo;
        }
        return false;
    }

    private static String canonical(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    @Override
    public String toString() {
        return "allow_hosts" + listed.keySet();
    }
}
