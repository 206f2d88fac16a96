// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Annotation texts: {@code {{ cloud.region }}} stands for the value of that label of the alert. */
public final class Template {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([\\w.\\-/]+)\\s*}}");

    private Template() {}

    /** Fills in the labels; one the alert does not have is shown as {@code (no LABEL)}. */
    public static String fill(String text, Map<String, String> labels) {
        return PLACEHOLDER.matcher(text).replaceAll(match -> {
            String value = labels.get(match.group(1));
            return Matcher.quoteReplacement(value == null ? "(no " + match.group(1) + ")" : value);
        });
    }
}
