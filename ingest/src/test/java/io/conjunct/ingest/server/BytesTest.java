// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import java.io.ByteArrayInputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies around the limits, with right and wrong announcements of their length. */
class BytesTest {
    private final Bytes bytes = new Bytes(300_000, 1_000_000);

    @ParameterizedTest
    @CsvSource({"0,0", "0,9", "1,1", "65536,0", "65537,65536", "300000,300000", "300000,0", "299999,300000", "70000,7"})
    void bodyWithinTheLimit_isReadWhole(int length, long expected) throws Exception {
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);
        for (int i = 0; i < 10; i++) {
            byte[] read = bytes.readAll(new ByteArrayInputStream(body), expected);
            assertThat(read).isEqualTo(body);
            bytes.release(read);
        }
    }

    @ParameterizedTest
    @CsvSource({"300001,0", "300001,300000", "900000,1"})
    void bodyBeyondTheLimit_isTooLong_andHoldsNothing(int length, long expected) throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> bytes.readAll(new ByteArrayInputStream(new byte[length]), expected))
                    .isInstanceOf(TooLongException.class);
        }
        assertThat(bytes.readAll(new ByteArrayInputStream(new byte[300_000]), 300_000))
                .hasSize(300_000);
    }

    @Test
    void bodiesBeyondTheBudget_findNoRoom_untilOthersAreReleased() throws Exception {
        byte[] first = bytes.readAll(new ByteArrayInputStream(new byte[300_000]), 300_000);
        for (int i = 0; i < 2; i++) {
            assertThat(bytes.readAll(new ByteArrayInputStream(new byte[300_000]), 300_000))
                    .isNotEmpty();
        }
        assertThatThrownBy(() -> bytes.readAll(new ByteArrayInputStream(new byte[300_000]), 300_000))
                .isInstanceOf(NoRoomException.class);
        bytes.release(first);
        assertThat(bytes.readAll(new ByteArrayInputStream(new byte[300_000]), 300_000))
                .isNotEmpty();
    }
}
