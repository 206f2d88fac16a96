// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.profile;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One short name for what a span calls: {@code redis GET}, {@code kafka orders}, {@code grpc cart.CartService/Get}, or the
 * name of the peer. Made of attributes of few values only.
 */
public final class Dependency {
    /** The attribute it becomes. */
    public static final String NAME = "dependency";

    private static final Set<String> PARTS = Set.of(
            "db.system.name",
            "db.operation.name",
            "rpc.system.name",
            "rpc.method",
            "messaging.system",
            "messaging.destination.template",
            "messaging.destination.name",
            "service.peer.name");

    private Dependency() {}

    /** Whether an attribute of this (current) name has to be read to know it. */
    public static boolean isPart(String key) {
        return PARTS.contains(key);
    }

    /** Null when a span calls nothing that is known. */
    public static @Nullable String of(Map<String, String> attributes) {
        String database = attributes.get("db.system.name");
        if (database != null) {
            return with(database, attributes.get("db.operation.name"));
        }
        String messaging = attributes.get("messaging.system");
        if (messaging != null) {
            String template = attributes.get("messaging.destination.template");
            return with(messaging, template != null ? template : attributes.get("messaging.destination.name"));
        }
        String rpc = attributes.get("rpc.system.name");
        return rpc != null ? with(rpc, attributes.get("rpc.method")) : attributes.get("service.peer.name");
    }

    private static String with(String system, @Nullable String operation) {
        return operation == null ? system : system + " " + NameTemplate.of(operation);
    }
}
