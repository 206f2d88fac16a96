// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills {@code {{ label }}} in the texts of an alert. */
public final class Templates {
    private static final Pattern HOLE = Pattern.compile("\\{\\{\\s*([^{}\\s]+)\\s*}}");

    private Templates() {}

    /** A label's name in a text, braces included in the offsets. */
    public record Hole(String label, int from, int to) {}

    /** All holes of a text, in its order. */
    public static List<Hole> holes(String text) {
        List<Hole> holes = new ArrayList<>();
        Matcher matcher = HOLE.matcher(text);
        while (matcher.find()) {
            holes.add(new Hole(matcher.group(1), matcher.start(), matcher.end()));
        }
        return holes;
    }

    /** The text with its holes filled; a label the alert lacks becomes {@code <no cloud.region>}. */
    public static String fill(String text, Map<String, String> labels) {
        return HOLE.matcher(text).replaceAll(hole -> {
            String value = labels.get(hole.group(1));
            return Matcher.quoteReplacement(value == null ? "<no " + hole.group(1) + ">" : value);
        });
    }
}
