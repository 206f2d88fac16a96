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
    private final Sender sender = Sender.unlimited();

    @ParameterizedTest
    @CsvSource({"0,0", "0,9", "1,1", "65536,0", "65537,65536", "300000,300000", "300000,0", "299999,300000", "70000,7"})
    void bodyWithinTheLimit_isReadWhole(int length, long expected) throws Exception {
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);
        for (int i = 0; i < 10; i++) {
            Bytes.Body read = read(body, expected);
            assertThat(read.content()).isEqualTo(body);
            read.release();
            assertThat(bytes.held()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"300001,0", "300001,300000", "900000,1"})
    void bodyBeyondTheLimit_isTooLong_andHoldsNothing(int length, long expected) throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> read(new byte[length], expected)).isInstanceOf(TooLongException.class);
        }
        assertThat(bytes.held()).isZero();
    }

    @Test
    void bodiesBeyondTheBudget_findNoRoom_untilOthersAreReleased() throws Exception {
        Bytes.Body first = read(new byte[300_000], 300_000);
        for (int i = 0; i < 2; i++) {
            assertThat(read(new byte[300_000], 300_000).content()).isNotEmpty();
        }
        assertThatThrownBy(() -> read(new byte[300_000], 300_000)).isInstanceOf(NoRoomException.class);
        first.release();
        assertThat(read(new byte[300_000], 300_000).content()).isNotEmpty();
    }

    @Test
    void senderThatHoldsMost_leavesRoomForOneWhoComesNew() throws Exception {
        int held = 0;
        try {
            while (true) {
                read(new byte[50_000], 50_000);
                held += 50_000;
            }
        } catch (NoRoomException e) {
            assertThat(held).isEqualTo(750_000);
        }
        Sender quiet = Sender.unlimited();
        assertThat(bytes.readAll(quiet, new ByteArrayInputStream(new byte[100_000]), 100_000, 300_000)
                        .content())
                .hasSize(100_000);
    }

    private Bytes.Body read(byte[] body, long expected) throws Exception {
        return bytes.readAll(sender, new ByteArrayInputStream(body), expected, Long.MAX_VALUE);
    }
}
