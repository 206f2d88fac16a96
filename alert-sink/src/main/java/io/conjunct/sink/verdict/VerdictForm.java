// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.verdict;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.conjunct.record.MissedIncident;
import io.conjunct.record.Restoration;
import io.conjunct.record.Statement;
import io.conjunct.record.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /verdict}: the buttons of the web page. No other page may press them: a request must come from our own
 * origin, as browsers say, must carry the token that only our page shows, and where the port is bound to this machine alone
 * it must be asked for by this machine's name, so that a foreign name pointed here is of no use. Bodies have at most {@value
 * #MAX_BODY} bytes. Answers with a redirect to the page.
 */
public final class VerdictForm implements HttpHandler {
    /** The field with the token. */
    public static final String TOKEN = "token";
    /** The buttons' name; their value is {@code restore}, a blank and a rule; or a verdict, a blank and a key, for a duplicate a blank and the other key. */
    public static final String SAY = "say";

    private static final String RESTORE = "restore ";
    private static final int MAX_BODY = 8 * 1024;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final VerdictTopic topic;
    private final String token;
    private final InstantSource clock;

    /** @param token secret, new with every start */
    public VerdictForm(VerdictTopic topic, String token, InstantSource clock) {
        this.topic = topic;
        this.token = token;
        this.clock = clock;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                refuse(exchange, 405, "only POST");
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
            if (body.length > MAX_BODY) {
                refuse(exchange, 413, "at most " + MAX_BODY + " bytes");
                return;
            }
            Map<String, String> fields = fields(new String(body, StandardCharsets.UTF_8));
            if (!isOurs(exchange) || !fits(fields.getOrDefault(TOKEN, ""))) {
                refuse(exchange, 403, "not from our own page, or from before the last start: load it again");
                return;
            }
            Statement statement;
            try {
                statement = statement(fields);
            } catch (IllegalArgumentException e) {
                refuse(exchange, 400, String.valueOf(e.getMessage()));
                return;
            }
            if (!topic.append(statement)) {
                refuse(exchange, 503, "Kafka does not take it; try again");
                return;
            }
            String by = URLEncoder.encode(fields.getOrDefault("by", ""), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", "/?by=" + by);
            exchange.sendResponseHeaders(303, -1);
        }
    }

    private Statement statement(Map<String, String> fields) {
        String by = Optional.of(fields.getOrDefault("by", "").strip())
                .filter(name -> !name.isEmpty())
                .orElse("web page");
        String missed = fields.getOrDefault("missed", "").strip();
        String say = fields.getOrDefault(SAY, "");
        if (say.equals("missed")) {
            if (missed.isEmpty() || missed.length() > Verdict.MAX_TEXT) {
                throw new IllegalArgumentException("missed: expected a name for the incident");
            }
            return new MissedIncident(missed, fields.getOrDefault("rule", "").strip(), clock.millis());
        }
        if (say.startsWith(RESTORE)) {
            return new Restoration(say.substring(RESTORE.length()), by, clock.millis());
        }
        String[] words = say.split(" ", -1);
        Verdict.Kind kind = Verdict.Kind.of(words[0]);
        if (words.length != (kind == Verdict.Kind.DUPLICATE ? 3 : 2)) {
            throw new IllegalArgumentException("which page was what?");
        }
        String of = kind == Verdict.Kind.DUPLICATE ? words[2] : "";
        return Verdict.said(words[1], kind, of, by, clock.millis(), Verdict.Source.WEB);
    }

    private boolean fits(String offered) {
        return MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isOurs(HttpExchange exchange) {
        String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                .orElse("");
        String site = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        if (exchange.getLocalAddress().getAddress().isLoopbackAddress()
                && !LOOPBACK.contains(host.replaceFirst(":\\d+$", ""))) {
            return false;
        }
        if (site != null && !site.equals("same-origin")) {
            return false;
        }
        try {
            return origin != null && host.equals(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Map<String, String> fields(String body) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                try {
                    fields.put(
                            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    fields.remove(TOKEN);
                    return fields;
                }
            }
        }
        return fields;
    }

    private static void refuse(HttpExchange exchange, int status, String words) throws IOException {
        byte[] text = (words + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, text.length);
        exchange.getResponseBody().write(text);
    }
}
