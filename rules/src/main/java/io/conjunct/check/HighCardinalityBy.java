// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.Node;
import io.conjunct.rule.SignalDraft;
import java.util.List;
import java.util.Map;

/**
 * {@code signal/high-cardinality-by}: a window for each user or each request costs memory without end and never fills.
 * The attributes are those of the OpenTelemetry semantic conventions that are unbounded by nature.
 */
final class HighCardinalityBy implements RuleCheck {
    private static final String IDENTIFIER = "split by what it belongs to: service.name, cloud.region, http.route";

    private static final Map<String, String> UNBOUNDED = Map.ofEntries(
            Map.entry("trace.id", IDENTIFIER),
            Map.entry("trace_id", IDENTIFIER),
            Map.entry("span.id", IDENTIFIER),
            Map.entry("span_id", IDENTIFIER),
            Map.entry("url.full", "split by http.route"),
            Map.entry("url.path", "split by http.route"),
            Map.entry("url.query", "split by http.route"),
            Map.entry("http.url", "split by http.route"),
            Map.entry("http.target", "split by http.route"),
            Map.entry("db.query.text", "split by db.operation.name"),
            Map.entry("db.statement", "split by db.operation.name"),
            Map.entry("user.id", IDENTIFIER),
            Map.entry("user.email", IDENTIFIER),
            Map.entry("user.name", IDENTIFIER),
            Map.entry("enduser.id", IDENTIFIER),
            Map.entry("user.full_name", IDENTIFIER),
            Map.entry("user.hash", IDENTIFIER),
            Map.entry("session.id", IDENTIFIER),
            Map.entry("session.previous_id", IDENTIFIER),
            Map.entry("client.address", IDENTIFIER),
            Map.entry("client.port", IDENTIFIER),
            Map.entry("source.address", IDENTIFIER),
            Map.entry("network.peer.address", IDENTIFIER),
            Map.entry("network.peer.port", IDENTIFIER),
            Map.entry("user_agent.original", "split by user_agent.name"),
            Map.entry("exception.message", "split by exception.type"),
            Map.entry("exception.stacktrace", "split by exception.type"),
            Map.entry("messaging.message.id", "split by messaging.destination.name"),
            Map.entry("messaging.message.conversation_id", "split by messaging.destination.name"),
            Map.entry("messaging.kafka.offset", "split by messaging.destination.name"),
            Map.entry("messaging.kafka.message.key", "split by messaging.destination.name"),
            Map.entry("url.fragment", "split by http.route"),
            Map.entry("http.request.header.x-request-id", IDENTIFIER),
            Map.entry("http.request.body.size", "measure it: p95(http.request.body.size)"),
            Map.entry("http.response.body.size", "measure it: p95(http.response.body.size)"),
            Map.entry("peer.address", IDENTIFIER),
            Map.entry("net.peer.port", IDENTIFIER),
            Map.entry("net.sock.peer.addr", IDENTIFIER),
            Map.entry("source.port", IDENTIFIER),
            Map.entry("network.local.port", IDENTIFIER),
            Map.entry("log.record.uid", IDENTIFIER),
            Map.entry("event.id", IDENTIFIER),
            Map.entry("faas.invocation_id", "split by faas.name"),
            Map.entry("aws.request_id", IDENTIFIER),
            Map.entry("rpc.jsonrpc.request_id", "split by rpc.method"),
            Map.entry("rpc.message.id", "split by rpc.method"),
            Map.entry("db.query.parameter", "split by db.operation.name"),
            Map.entry("db.redis.key", "split by db.operation.name"),
            Map.entry("gen_ai.response.id", "split by gen_ai.request.model"),
            Map.entry("feature_flag.context.id", "split by feature_flag.result.variant"),
            Map.entry("code.line.number", "split by code.function.name"),
            Map.entry("process.command_line", "split by service.name"),
            Map.entry("process.pid", "split by service.name"),
            Map.entry("process.parent_pid", "split by service.name"),
            Map.entry("thread.id", "split by service.name"));

    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            for (SignalDraft signal : group.signals()) {
                for (Node.Scalar label : signal.table()
                        .sequence("by")
                        .map(Node.Sequence::scalars)
                        .orElse(List.of())) {
                    String instead = UNBOUNDED.get(label.text());
                    if (instead != null) {
                        findings.warning(
                                "signal/high-cardinality-by",
                                label.place(),
                                "`" + label.text() + "` has no end of values, and each gets a window of its own",
                                instead);
                    }
                }
            }
        }
    }
}
