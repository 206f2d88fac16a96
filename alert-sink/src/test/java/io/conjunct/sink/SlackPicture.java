// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * Slack messages drawn as a page of HTML, near enough to judge them: header, section with bold and code, buttons. Other
 * blocks are an error. The words come escaped for Slack, which escapes what HTML does.
 */
final class SlackPicture {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SlackPicture() {}

    /**
     * @param bodies of {@code chat.postMessage} or {@code chat.update}
     */
    static String of(List<String> bodies) throws JsonProcessingException {
        StringBuilder html = new StringBuilder("""
                <!doctype html>
                <meta charset="utf-8">
                <style>
                body { margin: 0; padding: 18px 20px; width: 820px; background: #fff; color: #1d1c1d;
                  font: 15px/1.46 Lato, "DejaVu Sans", sans-serif; }
                .message { display: flex; gap: 10px; margin-bottom: 22px; }
                .face { width: 36px; height: 36px; border-radius: 6px; background: #1f4e5f; color: #fff; font-weight: bold;
                  text-align: center; line-height: 36px; flex: none; }
                .name { font-weight: bold; } .app { font-size: 10px; background: #eee; padding: 1px 3px; border-radius: 2px; }
                h1 { font-size: 18px; line-height: 1.3; margin: 4px 0 8px; }
                p { margin: 0 0 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
                code { font: 12px "DejaVu Sans Mono", monospace; color: #c01343; background: #f8f8f8;
                  border: 1px solid #ddd; border-radius: 3px; padding: 1px 3px; }
                button { font: bold 13px Lato, "DejaVu Sans", sans-serif; background: #fff; border: 1px solid #bbb;
                  border-radius: 4px; padding: 5px 12px; margin-right: 8px; }
                </style>
                """);
        for (String body : bodies) {
            html.append("<div class=message><div class=face>∧</div><div>"
                    + "<span class=name>Conjunct</span> <span class=app>APP</span>\n");
            for (JsonNode block : JSON.readTree(body).path("blocks")) {
                block(html, block);
            }
            html.append("</div></div>\n");
        }
        return html.toString();
    }

    private static void block(StringBuilder html, JsonNode block) {
        String text = block.path("text").path("text").asText();
        switch (block.path("type").asText()) {
            case "header" ->
                html.append("<h1>")
                        .append(text.replace("&", "&amp;").replace("<", "&lt;"))
                        .append("</h1>\n");
            case "section" -> html.append("<p>").append(mrkdwn(text)).append("</p>\n");
            case "actions" ->
                block.path("elements")
                        .forEach(element ->
                                html.append("<button>").append(label(element)).append("</button>"));
            default -> throw new IllegalStateException("no picture of " + block);
        }
    }

    private static String label(JsonNode element) {
        return element.has("options")
                ? element.path("placeholder").path("text").asText() + " ⌄"
                : element.path("text").path("text").asText();
    }

    private static String mrkdwn(String text) {
        return text.replaceAll("(?m)^\\*([^*\\n]+)\\*", "<b>$1</b>").replaceAll("`([^`\\n]+)`", "<code>$1</code>");
    }
}
