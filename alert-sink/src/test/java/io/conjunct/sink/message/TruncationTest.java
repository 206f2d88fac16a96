// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TruncationTest {
    @Test
    void text_thatFits_isUntouched() {
        assertThat(Truncation.fit("", 5)).isEmpty();
        assertThat(Truncation.fit("12345", 5)).isEqualTo("12345");
        assertThat(Truncation.fit("12😀", 4)).isEqualTo("12😀");
    }

    @Test
    void text_thatDoesNot_isCutBetweenCodePointsWithAMark() {
        assertThat(Truncation.fit("123456", 5)).isEqualTo("1234…");
        assertThat(Truncation.fit("123😀😀", 5)).isEqualTo("123…");
        assertThat(Truncation.fit("12😀😀", 5)).isEqualTo("12😀…");
        assertThat(Truncation.fit("😀😀", 1)).isEqualTo("…");
    }

    @Test
    void halfACharacter_isReplaced() {
        assertThat(Truncation.fit("a\uD83Db\uDE00", 9)).isEqualTo("a\uFFFDb\uFFFD");
    }

    @Test
    void escape_isNeverCutApart() {
        assertThat(Truncation.fit("a<<", 9, c -> c == '<' ? "&lt;" : Character.toString(c)))
                .isEqualTo("a&lt;&lt;");
        assertThat(Truncation.fit("a<<", 8, c -> c == '<' ? "&lt;" : Character.toString(c)))
                .isEqualTo("a&lt;…");
    }

    @Test
    void anyText_fitsAndIsUnicode() {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(40);
            for (int j = 0; j < length; j++) {
                text.append((char) (random.nextBoolean() ? 'a' + random.nextInt(26) : 0xD700 + random.nextInt(0x1000)));
            }
            int max = 1 + random.nextInt(40);
            String fitted = Truncation.fit(text.toString(), max);
            assertThat(fitted.length()).as("seed 7, round %d", i).isLessThanOrEqualTo(max);
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(fitted)).isTrue();
        }
    }
}
