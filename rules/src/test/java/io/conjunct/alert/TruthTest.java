// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.alert;

import static io.conjunct.alert.Truth.FALSE;
import static io.conjunct.alert.Truth.TRUE;
import static io.conjunct.alert.Truth.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Law 1: Kleene's three values. */
final class TruthTest {

    /** Left, right, AND, OR, and "left and not right": 9 rows of 3 results are the 27 entries. */
    @ParameterizedTest
    @CsvSource({
        "TRUE,    TRUE,    TRUE,    TRUE,    FALSE",
        "TRUE,    FALSE,   FALSE,   TRUE,    TRUE",
        "TRUE,    UNKNOWN, UNKNOWN, TRUE,    UNKNOWN",
        "FALSE,   TRUE,    FALSE,   TRUE,    FALSE",
        "FALSE,   FALSE,   FALSE,   FALSE,   FALSE",
        "FALSE,   UNKNOWN, FALSE,   UNKNOWN, FALSE",
        "UNKNOWN, TRUE,    UNKNOWN, TRUE,    FALSE",
        "UNKNOWN, FALSE,   FALSE,   UNKNOWN, UNKNOWN",
        "UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN",
    })
    void truth_ofEveryPair_isKleenes(Truth left, Truth right, Truth and, Truth or, Truth andNot) {
        assertThat(left.and(right)).isEqualTo(and);
        assertThat(left.or(right)).isEqualTo(or);
        assertThat(left.and(right.not())).isEqualTo(andNot);
    }

    @Test
    void not_ofUnknown_isUnknown() {
        assertThat(UNKNOWN.not()).isEqualTo(UNKNOWN);
        assertThat(TRUE.not()).isEqualTo(FALSE);
        assertThat(FALSE.not()).isEqualTo(TRUE);
    }
}
