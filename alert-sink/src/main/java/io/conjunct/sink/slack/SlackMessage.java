// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.slack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.sink.message.Evidence;
import io.conjunct.sink.message.Message;
import io.conjunct.sink.message.Message.Fact;
import io.conjunct.sink.message.Truncation;
import java.util.Optional;

/**
 * A message as Slack's Block Kit: a header, the evidence, the facts. Limits of Slack's documentation: header 150, section
 * text 3,000, 50 blocks; {@code text}, which telephones show, is kept to 3,000. All words are escaped, so that a label
 * cannot mention {@code @channel} or forge a link.
 */
final class SlackMessage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_HEADER = 150;
    private static final int MAX_SECTION = 3_000;

    private SlackMessage() {}

    /**
     * @param question for a verdict
     */
    static ObjectNode of(Message message, Optional<Question> question) {
        ObjectNode body = JSON.createObjectNode();
        body.put("text", escape(message.title(), MAX_SECTION));
        ArrayNode blocks = body.putArray("blocks");
        blocks.addObject()
                .put("type", "header")
                .putObject("text")
                .put("type", "plain_text")
                .put("text", Truncation.fit(message.title(), MAX_HEADER));
        StringBuilder evidence = new StringBuilder();
        for (Evidence leg : message.evidence()) {
            line(evidence, "• `" + code(leg.condition()) + "`  " + escape(leg.measured(), 500));
        }
        section(blocks, evidence);
        StringBuilder facts = new StringBuilder();
        for (Fact fact : message.facts()) {
            line(facts, "*" + fact.name() + "*  " + escape(fact.text(), 700));
        }
        section(blocks, facts);
        question.ifPresent(asked -> asked.addTo(blocks));
        return body;
    }

    /** Adds a line if it fits as a whole, else the mark of a cut: escapes and code marks are never cut apart. */
    private static void line(StringBuilder text, String line) {
        if (text.length() + line.length() + 4 <= MAX_SECTION) {
            text.append(text.isEmpty() ? "" : "\n").append(line);
        } else if (text.charAt(text.length() - 1) != '…') {
            text.append("\n…");
        }
    }

    private static void section(ArrayNode blocks, StringBuilder text) {
        if (!text.isEmpty()) {
            blocks.addObject()
                    .put("type", "section")
                    .putObject("text")
                    .put("type", "mrkdwn")
                    .put("text", text.toString());
        }
    }

    private static String code(String text) {
        return escape(text.replace('`', '\''), 300);
    }

    private static String escape(String text, int max) {
        return Truncation.fit(text, max, codePoint -> switch (codePoint) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> Character.toString(codePoint);
        });
    }
}
