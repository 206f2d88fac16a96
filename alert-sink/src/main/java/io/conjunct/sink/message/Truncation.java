// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

/**
 * Fits texts into what a provider takes. Lengths are counted in UTF-16 units, which no provider counts stricter; the cut
 * is between code points and shows as {@value #MARKER}. Half a surrogate pair becomes U+FFFD, for it is no text.
 */
public final class Truncation {
    /** Ends a text that was cut. */
    public static final String MARKER = "…";

    /** How long a code point becomes when the receiver writes it. */
    public interface Written {
        String as(int codePoint);
    }

    private Truncation() {}

    /** The text in at most {@code max} characters. */
    public static String fit(String text, int max) {
        return fit(text, max, Character::toString);
    }

    /** The text as it is written, such as with escapes, in at most {@code max} characters; no escape is cut apart. */
    public static String fit(String text, int max, Written written) {
        if (max < MARKER.length()) {
            throw new IllegalArgumentException("max: " + max + " (expected: at least " + MARKER.length() + ")");
        }
        StringBuilder fitted = new StringBuilder(Math.min(text.length(), max));
        int room = -1; // length of the longest beginning after which the marker still fits
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            String next = half ? "\uFFFD" : written.as(codePoint);
            if (fitted.length() + MARKER.length() <= max) {
                room = fitted.length();
            }
            if (fitted.length() + next.length() > max) {
                fitted.setLength(room);
                return fitted.append(MARKER).toString();
            }
            fitted.append(next);
        }
        return fitted.toString();
    }
}
