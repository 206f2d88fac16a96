// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the protobuf runtime, which writes the same fields. */
class MessageBufferTest {
    private final MessageBuffer buffer = new MessageBuffer();

    /** Around the lengths at which a length takes another byte. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 126, 127, 128, 129, 16_383, 16_384, 300_000, 2_097_152})
    void nestedMessages_haveTheirLengthBeforeThem(int length) throws Exception {
        byte[] content = new byte[length];
        java.util.Arrays.fill(content, (byte) 7);
        int outer = buffer.begin(3);
        int inner = buffer.begin(4);
        for (byte each : content) {
            buffer.number(each);
        }
        buffer.end(inner);
        buffer.text(5, "after");
        buffer.end(outer);
        buffer.number(6, 1);

        UnknownFieldSet nested = UnknownFieldSet.newBuilder()
                .addField(4, bytes(ByteString.copyFrom(content)))
                .addField(5, bytes(ByteString.copyFromUtf8("after")))
                .build();
        UnknownFieldSet expected = UnknownFieldSet.newBuilder()
                .addField(3, bytes(nested.toByteString()))
                .addField(6, Field.newBuilder().addVarint(1).build())
                .build();
        assertThat(buffer.take()).isEqualTo(expected.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 35})
    void numbers_areThoseOfTheRuntime(long value) throws Exception {
        buffer.number(1, value);
        buffer.signed(2, value);
        buffer.real(3, value);
        assertThat(buffer.take())
                .isEqualTo(UnknownFieldSet.newBuilder()
                        .addField(1, Field.newBuilder().addVarint(value).build())
                        .addField(
                                2,
                                Field.newBuilder()
                                        .addVarint((value << 1) ^ (value >> 63))
                                        .build())
                        .addField(
                                3,
                                Field.newBuilder()
                                        .addFixed64(Double.doubleToRawLongBits(value))
                                        .build())
                        .build()
                        .toByteArray());
    }

    @Test
    void whatWasTaken_isNotWrittenAgain() {
        buffer.number(1, 5);
        assertThat(buffer.take()).containsExactly(8, 5);
        buffer.number(2, 6);
        assertThat(buffer.take()).containsExactly(16, 6);
    }

    private static Field bytes(ByteString value) {
        return Field.newBuilder().addLengthDelimited(value).build();
    }
}
