// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The limits of Slack's Block Kit, counted in UTF-16 units; unknown kinds of blocks are refused. */
final class BlockKitRules {
    private static final int MAX_TEXT = 40_000;

    private BlockKitRules() {}

    /** The error Slack's webhook answers; empty when the message is good. */
    static Optional<String> errorOf(JsonNode message) {
        JsonNode blocks = message.path("blocks");
        if (message.path("text").asText().isBlank() && blocks.isEmpty()) {
            return Optional.of("no_text");
        }
        if (message.path("text").asText().length() > MAX_TEXT || !isUnicode(message)) {
            return Optional.of("invalid_payload");
        }
        if (!blocks.isMissingNode() && (!blocks.isArray() || blocks.size() > 50)) {
            return Optional.of("invalid_blocks");
        }
        for (JsonNode block : blocks) {
            if (!isGood(block)) {
                return Optional.of("invalid_blocks");
            }
        }
        return Optional.empty();
    }

    private static boolean isGood(JsonNode block) {
        if (block.path("block_id").asText().length() > 255) {
            return false;
        }
        return switch (block.path("type").asText()) {
            case "header" ->
                block.path("text").path("type").asText().equals("plain_text") && isText(block.path("text"), 150);
            case "section" -> isSection(block);
            case "context" -> isList(block.path("elements"), 10);
            case "actions" -> isActions(block.path("elements"));
            case "divider" -> true;
            default -> false;
        };
    }

    private static boolean isSection(JsonNode block) {
        boolean text = block.has("text");
        if (!text && !block.has("fields")) {
            return false;
        }
        if (text && !isText(block.path("text"), 3_000)) {
            return false;
        }
        if (block.has("fields") && !isList(block.path("fields"), 10)) {
            return false;
        }
        for (JsonNode field : block.path("fields")) {
            if (!isText(field, 2_000)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isActions(JsonNode elements) {
        if (!isList(elements, 25)) {
            return false;
        }
        for (JsonNode element : elements) {
            boolean good = element.path("action_id").asText().length() <= 255
                    && element.path("value").asText().length() <= 2_000
                    && element.path("url").asText().length() <= 3_000
                    && switch (element.path("type").asText()) {
                        case "button" -> isText(element.path("text"), 75);
                        case "static_select" -> isMenu(element);
                        default -> false;
                    };
            if (!good) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMenu(JsonNode menu) {
        if (!isList(menu.path("options"), 100) || !isText(menu.path("placeholder"), 150)) {
            return false;
        }
        for (JsonNode option : menu.path("options")) {
            String value = option.path("value").asText();
            if (!isText(option.path("text"), 75) || value.isEmpty() || value.length() > 150) {
                return false;
            }
        }
        return true;
    }

    private static boolean isList(JsonNode list, int max) {
        return list.isArray() && !list.isEmpty() && list.size() <= max;
    }

    private static boolean isText(JsonNode text, int max) {
        String type = text.path("type").asText();
        String words = text.path("text").asText();
        return (type.equals("plain_text") || type.equals("mrkdwn")) && !words.isEmpty() && words.length() <= max;
    }

    private static boolean isUnicode(JsonNode node) {
        if (node.isTextual() && !StandardCharsets.UTF_8.newEncoder().canEncode(node.asText())) {
            return false;
        }
        for (JsonNode child : node) {
            if (!isUnicode(child)) {
                return false;
            }
        }
        return true;
    }
}
