// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import io.conjunct.ingest.server.LargeBodies.LargeBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that lie in files: of at most 10 MiB each. */
class LargeBodiesTest {
    private static final int MIB = 1024 * 1024;

    @TempDir
    private Path directory;

    private final Sender sender = Sender.unlimited();

    private LargeBodies bodies() throws IOException {
        return new LargeBodies(directory, 10 * MIB);
    }

    @Test
    void fileHasNoName_soThatItEndsWithItsProcess() throws Exception {
        try (LargeBody body = bodies().open(sender)) {
            body.append(new byte[MIB], MIB);
            assertThat(body.read(ByteBuffer.allocate(10), MIB - 10)).isEqualTo(10);
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).isEmpty();
            }
        }
    }

    @Test
    void bodyLongerThanItMayBe_isTooLong() throws Exception {
        try (LargeBody body = bodies().open(sender)) {
            body.append(new byte[10 * MIB], 10 * MIB);
            assertThatThrownBy(() -> body.append(new byte[1], 1)).isInstanceOf(TooLongException.class);
        }
    }

    @Test
    void oneSender_holdsHalfOfAll_andAnotherFindsRoom() throws Exception {
        LargeBodies bodies = bodies();
        byte[] whole = new byte[10 * MIB];
        LargeBody first = bodies.open(sender);
        first.append(whole, whole.length);
        LargeBody second = bodies.open(sender);
        second.append(whole, whole.length);
        try (LargeBody third = bodies.open(sender)) {
            assertThatThrownBy(() -> third.append(whole, 1)).isInstanceOf(NoRoomException.class);
        }
        try (LargeBody other = bodies.open(Sender.unlimited())) {
            other.append(whole, whole.length);
        }
        second.close();
        second.close();
        try (LargeBody again = bodies.open(sender)) {
            again.append(whole, whole.length);
        }
        first.close();
        assertThat(bodies.held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500_000, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 5 * MIB, 10 * MIB})
    void bodyReadToItsEnd_isWhatItWas_inMemoryOrNot(int length) throws Exception {
        byte[] sent = new byte[length];
        new Random(length).nextBytes(sent);
        Bytes bytes = new Bytes(4 * MIB, 16 * MIB);
        LargeBodies bodies = bodies();
        ArrivingBody body = new ArrivingBody(sender, bytes, bodies, -1);
        body.readAll(new ByteArrayInputStream(sent), 1_000, Long.MAX_VALUE);
        assertThat(body.length()).isEqualTo(length);
        assertThat(body.isLarge()).isEqualTo(length >= 4 * MIB);
        try (InputStream in = body.read()) {
            assertThat(in.readAllBytes()).isEqualTo(sent);
        }
        try (InputStream in = body.read()) {
            assertThat(BodyHash.of(Signal.TRACES, true, in, length))
                    .isEqualTo(BodyHash.of(Signal.TRACES, true, sent, length));
        }
        body.release();
        assertThat(bodies.held()).isZero();
        assertThat(bytes.held()).isZero();
    }

    @Test
    void streamThatIsTooLong_isTooLong_andHoldsNothing() throws Exception {
        Bytes bytes = new Bytes(4 * MIB, 16 * MIB);
        LargeBodies bodies = bodies();
        for (long most : new long[] {100, 4 * MIB, 9 * MIB, 10 * MIB}) {
            ArrivingBody body = new ArrivingBody(sender, bytes, bodies, -1);
            InputStream in = new ByteArrayInputStream(new byte[(int) most + 1]);
            assertThatThrownBy(() -> body.readAll(in, 0, most)).isInstanceOf(TooLongException.class);
            body.release();
        }
        assertThat(bodies.held()).isZero();
        assertThat(bytes.held()).isZero();
    }
}
