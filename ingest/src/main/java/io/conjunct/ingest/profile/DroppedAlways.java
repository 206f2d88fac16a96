// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.profile;

import java.util.List;
import java.util.Set;

/**
 * Attributes that are not kept unless a profile names them: unbounded in cardinality, or naming one process among many.
 * What may hold personal data or secrets is never kept, whoever names it.
 */
final class DroppedAlways {
    private static final Set<String> KEYS = Set.of(
            "url.full",
            "url.path",
            "url.query",
            "url.fragment",
            "db.query.text",
            "user_agent.original",
            "exception.message",
            "exception.stacktrace",
            "service.instance.id",
            "messaging.message.id",
            "messaging.message.conversation_id",
            "messaging.client.id",
            "messaging.kafka.offset",
            "messaging.kafka.message.key",
            "container.id",
            "host.id",
            "host.ip",
            "host.mac",
            "k8s.pod.uid",
            "k8s.pod.name",
            "k8s.pod.ip",
            "net.peer.ip",
            "net.peer.port",
            "net.host.ip",
            "session.id",
            "session.previous_id",
            "feature_flag.context.id",
            "event.name");

    private static final Set<String> PRIVATE_KEYS = Set.of(
            "url.full",
            "url.path",
            "url.query",
            "url.fragment",
            "db.query.text",
            "exception.message",
            "exception.stacktrace",
            "session.id",
            "session.previous_id",
            "user_agent.original",
            "feature_flag.context.id",
            "error.message",
            "source.address",
            "net.peer.ip",
            "db.connection_string",
            "graphql.document",
            "process.command",
            "process.command_args",
            "process.command_line",
            "rpc.jsonrpc.error_message",
            "gen_ai.prompt",
            "gen_ai.completion",
            "gen_ai.input.messages",
            "gen_ai.output.messages",
            "gen_ai.system_instructions",
            "gen_ai.retrieval.query.text",
            "gen_ai.tool.call.arguments",
            "gen_ai.tool.call.result");

    private static final List<String> PRIVATE_PREFIXES = List.of(
            "client.", "network.peer.", "user.", "enduser.", "geo.", "db.query.parameter.", "db.operation.parameter.");

    private static final List<String> PREFIXES = List.of(
            "client.",
            "network.peer.",
            "network.local.",
            "net.sock.",
            "thread.",
            "process.",
            "telemetry.",
            "os.",
            "user.",
            "enduser.",
            "code.",
            "http.request.body.",
            "http.response.body.");

    private static final String HEADERS = ".header.";

    /** The headers of gRPC and its like. */
    private static final String METADATA = ".metadata.";

    private DroppedAlways() {}

    /** Whether it never leaves the process. */
    static boolean isPrivate(String key) {
        return PRIVATE_KEYS.contains(key)
                || key.contains(HEADERS)
                || key.contains(METADATA)
                || PRIVATE_PREFIXES.stream().anyMatch(key::startsWith);
    }

    static boolean contains(String key) {
        if (KEYS.contains(key) || isPrivate(key)) {
            return true;
        }
        for (String prefix : PREFIXES) {
            if (key.startsWith(prefix)) {
                return true;
            }
        }
        return key.contains(HEADERS);
    }
}
