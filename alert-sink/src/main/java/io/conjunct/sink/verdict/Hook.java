// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.verdict;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Answers requests whose body is at most {@value #MAX_BODY} bytes, which is more than the providers send. */
public interface Hook {
    /** Longer bodies are answered with 413. */
    int MAX_BODY = 256 * 1024;

    /**
     * A request.
     *
     * @param headers names in lower case, first values
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared: the raw bytes are what is signed.
    record Request(String method, String query, Map<String, String> headers, byte[] body) {
        public Request {
            headers = Map.copyOf(headers);
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Status and a JSON body. */
    record Answer(int status, String json) {
        public static Answer error(int status, String words) {
            return new Answer(status, Texts.object("error", words));
        }

        static Answer accepted() {
            return new Answer(202, Texts.object("status", "accepted"));
        }
    }

    /** Answers at once, or as soon as Kafka has what was said. */
    Answer answer(Request request);

    /** For the JDK's server. */
    static HttpHandler handler(Hook hook) {
        return exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
                if (body.length > MAX_BODY) {
                    send(exchange, Answer.error(413, "at most " + MAX_BODY + " bytes"));
                    return;
                }
                Map<String, String> headers = new TreeMap<>();
                exchange.getRequestHeaders()
                        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
                String query = exchange.getRequestURI().getQuery();
                send(
                        exchange,
                        hook.answer(
                                new Request(exchange.getRequestMethod(), query == null ? "" : query, headers, body)));
            }
        };
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] bytes = answer.json().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
