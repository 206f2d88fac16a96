// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.ingest.otlp.Signal;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BodyHashTest {
    private final byte[] body = new byte[40_001];

    BodyHashTest() {
        new Random(7).nextBytes(body);
    }

    @Test
    void of_sameBytesInLargerArray_isEqual() {
        assertThat(of(Arrays.copyOf(body, body.length + 100), body.length)).isEqualTo(of(body, body.length));
    }

    @Test
    void of_stream_isThatOfTheBytes() throws IOException {
        for (int length : new int[] {1, 2, 3, 16_384, 32_768, 32_769, body.length}) {
            assertThat(BodyHash.of(Signal.TRACES, false, new ByteArrayInputStream(body, 0, length), length))
                    .isEqualTo(of(body, length));
        }
    }

    @Test
    void of_streamThatIsTooShort_saysSo() {
        assertThatThrownBy(() -> BodyHash.of(Signal.TRACES, false, new ByteArrayInputStream(body), body.length + 1))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("1 bytes");
    }

    @Test
    void of_anyBitTurned_isAnother() {
        Set<BodyHash> seen = new HashSet<>(Set.of(of(body, body.length)));
        for (int bit = 0; bit < body.length * Byte.SIZE; bit += 1_009) {
            body[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(seen.add(of(body, body.length))).as("bit %d", bit).isTrue();
            body[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        }
    }

    @Test
    void of_otherLengthSignalOrEncoding_isAnother() {
        assertThat(Set.of(
                        of(body, body.length),
                        of(body, body.length - 1),
                        BodyHash.of(Signal.LOGS, false, body, body.length),
                        BodyHash.of(Signal.TRACES, true, body, body.length)))
                .hasSize(4);
    }

    private static BodyHash of(byte[] bytes, int length) {
        return BodyHash.of(Signal.TRACES, false, bytes, length);
    }
}
