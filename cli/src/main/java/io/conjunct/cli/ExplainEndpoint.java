// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.conjunct.backtest.Explanation;
import io.conjunct.correlate.PublishedRules;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.GroupTick.RuleState;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/explain?rule=NAME&KEY=VALUE}: what this node knew of a rule at its last tick, as text; the other
 * parameters are labels that the alert must have. 404 when the rule is not decided here. At most {@value #SHOWN} alerts.
 */
final class ExplainEndpoint implements HttpHandler {
    static final String PATH = "/api/v1/explain";
    private static final int SHOWN = 10;

    private final Supplier<PublishedRules> published;
    private final Supplier<Map<String, GroupTick>> latest;

    ExplainEndpoint(Supplier<PublishedRules> published, Supplier<Map<String, GroupTick>> latest) {
        this.published = published;
        this.latest = latest;
    }

    private record Answer(int status, String text) {}

    private record Found(RuleGroup group, Rule rule) {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Answer answer = answer(parameters(exchange.getRequestURI().getRawQuery()));
        byte[] bytes = answer.text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private Answer answer(Map<String, String> labels) {
        String name = labels.remove("rule");
        if (name == null) {
            return new Answer(400, "which rule? Ask for " + PATH + "?rule=NAME\n");
        }
        Optional<RuleUpdate> update = published.get().latest();
        Optional<Found> found = update.flatMap(rules -> find(RuleUpdate.Compiler.YAML.compile(rules), name));
        if (found.isEmpty()) {
            return new Answer(
                    404,
                    "there is no rule " + name
                            + update.map(rules -> " in revision " + rules.revision())
                                    .orElse(": no rules are published yet")
                            + "\n");
        }
        GroupTick tick = latest.get().get(found.get().group().name());
        if (tick == null) {
            return new Answer(
                    404,
                    "this node has decided nothing of " + name
                            + " yet; another correlator may, or give --kafka to look into the log\n");
        }
        long tickMillis = published.get().tickMillis().orElse(0);
        List<Explanation> explanations = tick.rules().stream()
                .filter(state -> state.rule().equals(name) && has(state, labels))
                .sorted((a, b) -> b.state().compareTo(a.state()))
                .limit(SHOWN)
                .map(state -> new Explanation(found.get().rule(), state, Long.MIN_VALUE, tick.atMillis(), tickMillis))
                .toList();
        if (explanations.isEmpty()) {
            return new Answer(404, "no alert of " + name + " has the labels " + labels + " now\n");
        }
        List<String> lines = new ArrayList<>();
        explanations.forEach(explanation -> lines.addAll(explanation.lines()));
        lines.add("rules of revision " + tick.revision());
        return new Answer(200, String.join("\n", lines) + "\n");
    }

    private static Optional<Found> find(RuleSet rules, String name) {
        return rules.groups().stream()
                .flatMap(group -> group.rules().stream()
                        .filter(rule -> rule.name().equals(name))
                        .map(rule -> new Found(group, rule)))
                .findFirst();
    }

    private static boolean has(RuleState state, Map<String, String> labels) {
        return labels.entrySet().stream()
                .allMatch(label -> label.getValue().equals(state.labels().get(label.getKey())));
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new TreeMap<>();
        for (String pair : (query == null ? "" : query).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
