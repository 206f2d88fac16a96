// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gRPC call may send besides one message in a few large frames. */
class GrpcMessageTest {
    private static final int OK = 0;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int INTERNAL = 13;

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "3, 30000", "4096, 200000", "16384, 200000"})
    void message_isTaken_howeverItIsCut(int frame, int length) throws IOException {
        try (RawGrpcCall call = new RawGrpcCall(fixture.sidecar.grpcPort())) {
            call.send(message(0, request(length)), frame, true);
            assertThat(call.status()).isEqualTo(OK);
        }
        assertThat(fixture.log.events()).isEqualTo(1);
    }

    @Test
    void endThatComesAlone_isTheEnd() throws IOException {
        try (RawGrpcCall call = new RawGrpcCall(fixture.sidecar.grpcPort())) {
            call.send(message(0, request(100_000)), false);
            call.send(new byte[0], true);
            assertThat(call.status()).isEqualTo(OK);
        }
        assertThat(fixture.log.events()).isEqualTo(1);
    }

    /** Its window is opened before the client has heard how small that of every call is. */
    @Test
    void clientThatDoesNotWaitForTheSettings_canSendAllOfALongMessage() throws IOException {
        try (RawGrpcCall call = new RawGrpcCall(fixture.sidecar.grpcPort(), false)) {
            call.send(message(0, request(200_000)), true);
            assertThat(call.status()).isEqualTo(OK);
        }
        assertThat(fixture.log.events()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 1_000, 100_000})
    void messageThatEndsEarly_isAnError(int until) throws IOException {
        try (RawGrpcCall call = new RawGrpcCall(fixture.sidecar.grpcPort())) {
            call.send(Arrays.copyOf(message(0, request(200_000)), until), true);
            assertThat(call.status()).isEqualTo(INTERNAL);
        }
        assertThat(fixture.log.events()).isZero();
    }

    @Test
    void messageThatIsTooLong_isRefusedByItsPrefix() throws IOException {
        for (int length : new int[] {256 * 1024 + 1, Integer.MAX_VALUE, -1}) {
            try (RawGrpcCall call = new RawGrpcCall(fixture.sidecar.grpcPort())) {
                call.send(RawGrpcCall.prefix(0, length), false);
                assertThat(call.status()).isEqualTo(RESOURCE_EXHAUSTED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 200})
    void moreThanOneMessage_isAnError(int more) throws IOException {
        byte[] first = message(0, request(1_000));
        try (RawGrpcCall call = new RawGrpcCall(fixture.sidecar.grpcPort())) {
            call.send(Arrays.copyOf(first, first.length + more), true);
            assertThat(call.status()).isEqualTo(INTERNAL);
        }
        try (RawGrpcCall call = new RawGrpcCall(fixture.sidecar.grpcPort())) {
            call.send(first, false);
            call.send(new byte[more], true);
            assertThat(call.status()).isEqualTo(INTERNAL);
        }
        assertThat(fixture.log.events()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 254})
    void flagThatNoEncodingExplains_isAnError(int flag) throws IOException {
        try (RawGrpcCall call = new RawGrpcCall(fixture.sidecar.grpcPort())) {
            call.send(message(flag, request(1_000)), true);
            assertThat(call.status()).isEqualTo(INTERNAL);
        }
        assertThat(fixture.log.events()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 10_000, 150_000, 200_000})
    void callThatIsGivenUp_holdsNothing(int after) throws IOException {
        for (int i = 0; i < 20; i++) {
            try (RawGrpcCall call = new RawGrpcCall(fixture.sidecar.grpcPort())) {
                byte[] whole = message(0, request(200_000));
                call.send(Arrays.copyOf(whole, Math.min(after, whole.length)), false);
                call.cancel();
            }
        }
        await().untilAsserted(() -> assertThat(fixture.metric("request_bytes")).isZero());
    }

    private static byte[] request(int length) {
        return traces(span().addAttributes(Otlp.attribute("padding", "x".repeat(length))))
                .toByteArray();
    }

    private static byte[] message(int flag, byte[] request) {
        byte[] prefix = RawGrpcCall.prefix(flag, request.length);
        byte[] whole = Arrays.copyOf(prefix, prefix.length + request.length);
        System.arraycopy(request, 0, whole, prefix.length, request.length);
        return whole;
    }
}
