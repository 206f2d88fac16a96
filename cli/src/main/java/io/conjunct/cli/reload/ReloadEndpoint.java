// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.conjunct.check.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * {@code POST /-/reload}: 200 with the revision that is published now; 422 with every error when the files are not good;
 * 503 when Kafka did not take them. JSON, with the errors as text in it, too; plain text where the client prefers that.
 */
public final class ReloadEndpoint implements HttpHandler {
    public static final String PATH = "/-/reload";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RuleReload reload;

    public ReloadEndpoint(RuleReload reload) {
        this.reload = reload;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            send(exchange, 405, "text/plain; charset=utf-8", "only POST\n");
            return;
        }
        Attempt attempt = reload.reload();
        int status = switch (attempt.result()) {
            case APPLIED, UNCHANGED, OVERRULED -> 200;
            case REFUSED -> 422;
            case FAILED -> 503;
        };
        String accept = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
        if (accept.startsWith("text/")) {
            send(exchange, status, "text/plain; charset=utf-8", text(attempt));
        } else {
            send(exchange, status, "application/json", json(attempt));
        }
    }

    private static String json(Attempt attempt) throws JsonProcessingException {
        ObjectNode body = JSON.createObjectNode();
        body.put("result", attempt.result().word());
        body.put("revision", attempt.revision());
        body.put("changes", attempt.changes());
        body.set(
                "diagnostics",
                JSON.readTree(
                        Report.JSON.of(attempt.files().errors(), attempt.files().sources())));
        body.put("text", attempt.problem());
        return body.toPrettyString() + "\n";
    }

    private static String text(Attempt attempt) {
        String outcome = attempt.result().word() + ": revision "
                + (attempt.revision().isEmpty() ? "none" : attempt.revision()) + " is in force"
                + (attempt.changes().isEmpty() ? "" : "; " + attempt.changes()) + "\n";
        return attempt.problem().isEmpty() ? outcome : attempt.problem() + "\n" + outcome;
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
