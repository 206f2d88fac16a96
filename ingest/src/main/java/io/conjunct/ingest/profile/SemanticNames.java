// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.profile;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names attributes have today for those that SDKs in the field still send. Source: the rows "Deprecated, replaced by"
 * of the OpenTelemetry semantic conventions registry 1.44; for cache hits there is no convention, so {@value #CACHE_HIT}
 * is ours.
 */
public final class SemanticNames {
    /** Whether a cache had the answer: {@code true} or {@code false}. */
    public static final String CACHE_HIT = "cache.hit";

    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("http.method", "http.request.method"),
            Map.entry("http.status_code", "http.response.status_code"),
            Map.entry("http.url", "url.full"),
            Map.entry("http.target", "url.path"),
            Map.entry("http.scheme", "url.scheme"),
            Map.entry("http.host", "server.address"),
            Map.entry("http.server_name", "server.address"),
            Map.entry("http.client_ip", "client.address"),
            Map.entry("http.user_agent", "user_agent.original"),
            Map.entry("http.flavor", "network.protocol.version"),
            Map.entry("http.resend_count", "http.request.resend_count"),
            Map.entry("http.request_content_length", "http.request.body.size"),
            Map.entry("http.response_content_length", "http.response.body.size"),
            Map.entry("net.peer.name", "server.address"),
            Map.entry("net.host.name", "server.address"),
            Map.entry("net.host.port", "server.port"),
            Map.entry("net.transport", "network.transport"),
            Map.entry("net.protocol.name", "network.protocol.name"),
            Map.entry("net.protocol.version", "network.protocol.version"),
            Map.entry("db.system", "db.system.name"),
            Map.entry("db.operation", "db.operation.name"),
            Map.entry("db.name", "db.namespace"),
            Map.entry("db.statement", "db.query.text"),
            Map.entry("db.user", "user.name"),
            Map.entry("db.sql.table", "db.collection.name"),
            Map.entry("db.mongodb.collection", "db.collection.name"),
            Map.entry("db.cassandra.table", "db.collection.name"),
            Map.entry("db.redis.database_index", "db.namespace"),
            Map.entry("peer.service", "service.peer.name"),
            Map.entry("deployment.environment", "deployment.environment.name"),
            Map.entry("rpc.system", "rpc.system.name"),
            Map.entry("rpc.grpc.status_code", "rpc.response.status_code"),
            Map.entry("rpc.jsonrpc.error_code", "rpc.response.status_code"),
            Map.entry("messaging.operation", "messaging.operation.type"),
            Map.entry("messaging.destination", "messaging.destination.name"),
            Map.entry("messaging.kafka.consumer.group", "messaging.consumer.group.name"),
            Map.entry("messaging.kafka.consumer_group", "messaging.consumer.group.name"),
            Map.entry("messaging.client_id", "messaging.client.id"),
            Map.entry("messaging.message_id", "messaging.message.id"),
            Map.entry("faas.execution", "faas.invocation_id"),
            Map.entry("feature_flag.variant", "feature_flag.result.variant"),
            Map.entry("feature_flag.provider_name", "feature_flag.provider.name"),
            Map.entry("code.function", "code.function.name"),
            Map.entry("db.client.connections.pool.name", "db.client.connection.pool.name"),
            Map.entry("db.client.connections.state", "db.client.connection.state"),
            Map.entry("db.cosmosdb.container", "db.collection.name"),
            Map.entry("db.cosmosdb.status_code", "db.response.status_code"),
            Map.entry("db.elasticsearch.cluster.name", "db.namespace"),
            Map.entry("messaging.eventhubs.consumer.group", "messaging.consumer.group.name"),
            Map.entry("messaging.rocketmq.client_group", "messaging.consumer.group.name"),
            Map.entry("messaging.servicebus.destination.subscription_name", "messaging.destination.subscription.name"),
            Map.entry("messaging.kafka.destination.partition", "messaging.destination.partition.id"),
            Map.entry("messaging.kafka.message.offset", "messaging.kafka.offset"),
            Map.entry("net.sock.host.addr", "network.local.address"),
            Map.entry("net.sock.host.port", "network.local.port"),
            Map.entry("net.sock.peer.addr", "network.peer.address"),
            Map.entry("net.sock.peer.port", "network.peer.port"),
            Map.entry("code.filepath", "code.file.path"),
            Map.entry("code.lineno", "code.line.number"),
            Map.entry("otel.library.name", "otel.scope.name"),
            Map.entry("feature_flag.evaluation.reason", "feature_flag.result.reason"),
            Map.entry("rpc.connect_rpc.error_code", "rpc.response.status_code"),
            Map.entry("http.request_content_length_uncompressed", "http.request.body.size"),
            Map.entry("http.response_content_length_uncompressed", "http.response.body.size"),
            Map.entry("cache_hit", CACHE_HIT),
            Map.entry("cacheHit", CACHE_HIT),
            Map.entry("cache-hit", CACHE_HIT),
            Map.entry("CacheHit", CACHE_HIT),
            Map.entry("IsCacheHit", CACHE_HIT),
            Map.entry("isCacheHit", CACHE_HIT),
            Map.entry("is_cache_hit", CACHE_HIT),
            Map.entry("cache.is_hit", CACHE_HIT),
            Map.entry("cache.result", CACHE_HIT),
            Map.entry("cache_result", CACHE_HIT),
            Map.entry("cache.status", CACHE_HIT),
            Map.entry("cache_status", CACHE_HIT));

    private static final Set<String> HIT = Set.of("true", "1", "hit", "yes", "stale");
    private static final Set<String> MISS = Set.of("false", "0", "miss", "no", "expired", "bypass");

    private SemanticNames() {}

    /** Every old name and today's. */
    static Map<String, String> renamed() {
        return RENAMED;
    }

    /** Today's name of an attribute; the same string when it has not changed. */
    public static String current(String key) {
        String renamed = RENAMED.get(key);
        return renamed == null ? key : renamed;
    }

    /** What a value means under today's name; null when it means nothing there. */
    public static @Nullable String value(String currentKey, String value) {
        if (!currentKey.equals(CACHE_HIT)) {
            return value;
        }
        String said = value.toLowerCase(Locale.ROOT);
        if (HIT.contains(said)) {
            return "true";
        }
        return MISS.contains(said) ? "false" : null;
    }
}
