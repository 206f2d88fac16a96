// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Node;
import io.conjunct.rule.SignalDraft;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Outcome;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code regex/everything}, {@code regex/nothing}, {@code regex/anchors}, {@code regex/plain}: a regex is matched against
 * the whole value, so anchors add nothing at its ends and exclude everything inside; one without operators is a value.
 */
final class RegexHabits implements EachSignal {
    private static final Pattern ESCAPED_OR_CLASS = Pattern.compile("\\\\.|\\[\\^?]?[^\\]]*]");
    private static final Pattern EVERYTHING = Pattern.compile("\\(?(\\?:)?\\.[*+]\\??\\)?");
    private static final Pattern PLAIN = Pattern.compile("[^\\\\.+*?()|\\[\\]{}^$]+");
    private static final Pattern START_INSIDE = Pattern.compile("[^(|]\\^");
    private static final Pattern END_INSIDE = Pattern.compile("\\$[^)|]");

    @Override
    public void check(SignalDraft draft, Findings findings) {
        for (Node.Entry matcher :
                draft.table().table("where").map(Node.Table::entries).orElse(List.of())) {
            if (matcher.value() instanceof Node.Table table) {
                table.scalar("matches")
                        .ifPresent(r -> check(r.text(), r.place(), matcher.key().text(), findings));
                table.scalar("not_matches")
                        .ifPresent(r -> check(r.text(), r.place(), matcher.key().text(), findings));
            }
        }
        draft.signal().measure().outcome().ifPresent(outcome -> {
            if (outcome instanceof Outcome.Attribute attribute) {
                Matcher matcher = attribute.matcher();
                if (!matcher.regex().isEmpty()) {
                    check(matcher.regex(), draft.table().placeOf("measure"), matcher.attribute(), findings);
                }
            }
        });
    }

    private static void check(String regex, Place at, String attribute, Findings findings) {
        // What is escaped or in a class is a plain character here.
        String bare = ESCAPED_OR_CLASS.matcher(regex).replaceAll("x");
        String inner = bare.replaceFirst("^\\^", "").replaceFirst("\\$$", "");
        if (EVERYTHING.matcher(inner).matches()) {
            findings.warning(
                    "regex/everything",
                    at,
                    "`" + regex + "` matches every value",
                    "remove it, or say which values of `" + attribute + "` are meant");
        } else if (START_INSIDE.matcher(inner).find()
                || END_INSIDE.matcher(inner).find()) {
            findings.error(
                    "regex/nothing",
                    at,
                    "`" + regex + "` matches no value: nothing stands before the start, or behind the end",
                    "escape it as \\^ or \\$ where the character itself is meant");
        } else if (bare.startsWith("^") || bare.endsWith("$")) {
            findings.warning("regex/anchors", at, "a regex matches the whole value anyway", "remove ^ and $");
        } else if (PLAIN.matcher(regex).matches()) {
            findings.warning(
                    "regex/plain",
                    at,
                    "`" + regex + "` is no pattern: it matches this one value",
                    "write the value itself; write .*" + regex + ".* if the value should only contain it");
        }
    }
}
