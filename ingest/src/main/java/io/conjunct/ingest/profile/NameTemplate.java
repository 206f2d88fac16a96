// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.profile;

import java.util.regex.Pattern;

/**
 * Span names without what differs from call to call: a UUID or another long word of hexadecimal digits or mixed letters
 * and digits becomes {@value #ID}, a number becomes {@value #NUMBER}. Short words with digits such as {@code v2} or
 * {@code utf8} stay.
 */
public final class NameTemplate {
    static final String ID = "{id}";
    static final String NUMBER = "{n}";

    private static final String WORD = "(?<![A-Za-z0-9])";
    private static final String END = "(?![A-Za-z0-9])";
    private static final Pattern IDS = Pattern.compile(WORD
            + "(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
            + "|(?=[0-9a-fA-F]*[0-9])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{8,}"
            + "|(?=[A-Za-z]*[0-9])(?=[A-Za-z0-9]*[A-Za-z])(?=(?:[A-Za-z]*[0-9]){4})[A-Za-z0-9]{16,})" + END);
    private static final Pattern NUMBERS = Pattern.compile(WORD + "[0-9]+" + END);

    private NameTemplate() {}

    /** The same string when there is nothing to replace. */
    public static String of(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= '0' && name.charAt(i) <= '9') {
                String withoutIds = IDS.matcher(name).replaceAll(ID);
                return NUMBERS.matcher(withoutIds).replaceAll(NUMBER);
            }
        }
        return name;
    }
}
