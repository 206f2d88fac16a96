// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    private static final List<String> WORDS =
            List.of("measure", "of", "where", "over", "by", "min_samples", "on_missing");

    @ParameterizedTest
    @CsvSource({
        "mesure,measure",
        "ovre,over",
        "wher,where",
        "minsamples,min_samples",
        "Measure,measure",
        "bz,by",
        "onmissing,on_missing"
    })
    void slip_isRecognised(String word, String meant) {
        assertThat(Spelling.nearest(word, WORDS)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"expr", "x", "threshold", "''"})
    void otherWord_isNot(String word) {
        assertThat(Spelling.nearest(word, WORDS)).isEmpty();
    }
}
