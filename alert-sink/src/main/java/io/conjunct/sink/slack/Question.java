// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.slack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.record.Verdict.Kind;
import io.conjunct.sink.message.RecentPages;
import io.conjunct.sink.message.RecentPages.Page;
import io.conjunct.sink.message.Truncation;
import io.conjunct.sink.verdict.SlackHook;
import java.util.List;
import java.util.Locale;

/**
 * What was this page? A button for each verdict, and a menu of the last pages for {@code duplicate}; a button when there
 * are none. The key is the block's id, for a menu's choice has no room for it. Limits of Slack's documentation: block id 255, option 75,
 * its value 150.
 *
 * @param key of the page
 * @param others of which it may be the duplicate
 */
record Question(String key, List<Page> others) {
    private static final int MAX_OPTION = 75;
    private static final int MAX_VALUE = 150;

    Question {
        others =
                others.stream().filter(page -> page.key().length() <= MAX_VALUE).toList();
    }

    static Question about(Alert alert, RecentPages pages) {
        return new Question(alert.episode(), pages.besides(alert.episode()));
    }

    void addTo(ArrayNode blocks) {
        ObjectNode block = blocks.addObject().put("type", "actions").put("block_id", key);
        ArrayNode elements = block.putArray("elements");
        button(elements, Kind.INCIDENT);
        button(elements, Kind.NOISE);
        if (others.isEmpty()) {
            button(elements, Kind.DUPLICATE);
        } else {
            menu(elements.addObject());
        }
        button(elements, Kind.TEST);
    }

    private void button(ArrayNode elements, Kind kind) {
        String word = kind.word();
        ObjectNode button = elements.addObject().put("type", "button");
        words(button.putObject("text"), word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        button.put("action_id", SlackHook.ACTION + word).put("value", key);
    }

    private void menu(ObjectNode menu) {
        menu.put("type", "static_select").put("action_id", SlackHook.ACTION + Kind.DUPLICATE.word());
        words(menu.putObject("placeholder"), "Duplicate of…");
        ArrayNode options = menu.putArray("options");
        for (Page other : others) {
            ObjectNode option = options.addObject();
            words(option.putObject("text"), other.title().isBlank() ? other.key() : other.title());
            option.put("value", other.key());
        }
    }

    private static void words(ObjectNode text, String words) {
        text.put("type", "plain_text").put("text", Truncation.fit(words, MAX_OPTION));
    }
}
