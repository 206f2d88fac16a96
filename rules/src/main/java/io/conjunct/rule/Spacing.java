// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The one way to put spaces into a condition: around operators, behind commas, none inside parentheses. */
public final class Spacing {
    private static final Set<String> CALLS = Set.of("baseline", "burn");

    private Spacing() {}

    /** The condition with its spaces put right; empty when its words cannot be read. */
    public static Optional<String> of(String condition) {
        try {
            return Optional.of(canonical(condition));
        } catch (Problem e) {
            return Optional.empty();
        }
    }

    /** Throws a {@link Problem} when the words cannot be read. */
    static String canonical(String condition) {
        List<Token> tokens = Lexer.tokens(condition);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size() - 1; i++) {
            if (i > 0 && isSpaced(tokens, i)) {
                text.append(' ');
            }
            text.append(tokens.get(i).text());
        }
        return text.toString();
    }

    /** Whether a space stands before a word. */
    private static boolean isSpaced(List<Token> tokens, int i) {
        Token token = tokens.get(i);
        Token before = tokens.get(i - 1);
        if (token.is(")") || token.is(",") || before.is("(")) {
            return false;
        }
        if (token.is("(")) {
            return !CALLS.contains(before.text());
        }
        return !isSign(tokens, i - 1);
    }

    /** Whether a plus or minus belongs to what follows, because nothing stands before it to add to. */
    private static boolean isSign(List<Token> tokens, int i) {
        Token token = tokens.get(i);
        if (!token.is("-") && !token.is("+")) {
            return false;
        }
        if (i == 0) {
            return true;
        }
        Token before = tokens.get(i - 1);
        boolean word = before.type() == Token.Type.NAME && ConditionParser.RESERVED.contains(before.text());
        return word || (before.type() == Token.Type.SYMBOL && !before.is(")"));
    }
}
