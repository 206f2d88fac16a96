// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.conjunct.ingest.mapping.Mapping;
import io.conjunct.ingest.mapping.RequestMapper;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.Tally;
import io.conjunct.ingest.pieces.JsonPieces;
import io.conjunct.ingest.pieces.Piece;
import io.conjunct.ingest.pieces.ProtobufPieces;
import io.conjunct.ingest.pieces.StoredBytes;
import io.conjunct.ingest.pieces.StoredRequest;
import io.conjunct.ingest.pieces.TooLongException;
import io.conjunct.ingest.profile.IngestProfile;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fault F1 in the walkers and the mapper, guided by coverage: the first byte says which signal and encoding, the others
 * are the request. It is read or it is malformed, as a whole and in pieces; what the generated messages read is not malformed. The corpus began as
 * captures of the Java SDK's exporters.
 */
class WalkerFuzzTest {
    private static final Path CORPUS =
            Path.of("src/test/resources/io/conjunct/ingest/otlp/WalkerFuzzTestInputs/request");
    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final long NOW = 1_795_000_000_000L;

    private final ProtobufReader protobuf = new ProtobufReader();
    private final JsonReader json = new JsonReader();
    private final RequestMapper mapper =
            new Mapping(10_000, NOW, 100, new IngestMetrics(new PrometheusRegistry())).newMapper();

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void corpus_isReadOrMalformed(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> examine(bytes));
    }

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void request(byte[] bytes) {
        examine(bytes);
    }

    private void examine(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        Signal signal = Signal.values()[(bytes[0] & 0x7F) % 3];
        byte[] body = Arrays.copyOfRange(bytes, 1, bytes.length);
        boolean isJson = bytes[0] < 0;
        Tally whole = new Tally();
        boolean readable = true;
        try {
            read(signal, isJson, body, whole);
        } catch (MalformedRequestException e) {
            assertThat(!isJson && isReadable(signal, CodedInputStream.newInstance(body)))
                    .as("%s", e)
                    .isFalse();
            readable = false;
        }
        examinePieces(signal, isJson, body, readable ? whole : null);
    }

    private void read(Signal signal, boolean isJson, byte[] body, Tally sum) throws MalformedRequestException {
        mapper.begin(signal, IngestProfile.keepEverything(), NOW);
        if (isJson) {
            json.read(signal, body, mapper);
        } else {
            protobuf.read(signal, body, mapper);
        }
        assertThat(mapper.tally().accepted()).isEqualTo(mapper.stage().size());
        sum.add(mapper.tally());
    }

    /** In a few pieces: readable when the whole is, with as many records. */
    private void examinePieces(Signal signal, boolean isJson, byte[] body, @Nullable Tally whole) {
        if (isJson && hasKeyTwice(body)) {
            // Which of them counts nobody says.
            return;
        }
        StoredRequest stored = new StoredBytes(body);
        int target = 24 + body.length / 3;
        Tally sum = new Tally();
        try {
            List<Piece> pieces = isJson ? JsonPieces.of(stored, signal, target) : ProtobufPieces.of(stored, target);
            for (Piece piece : pieces) {
                byte[] bytes = new byte[(int) piece.length()];
                piece.read(stored, bytes);
                read(signal, isJson, bytes, sum);
            }
        } catch (MalformedRequestException e) {
            assertThat(whole).as("%s", e).isNull();
            return;
        } catch (TooLongException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(whole).isNotNull();
        assertThat(sum.received()).isEqualTo(whole.received());
    }

    private static boolean hasKeyTwice(byte[] body) {
        try (JsonParser strict = STRICT.createParser(body)) {
            while (strict.nextToken() != null) {
                continue;
            }
            return false;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).startsWith("Duplicate field");
        }
    }

    private static boolean isReadable(Signal signal, CodedInputStream body) {
        try {
            switch (signal) {
                case TRACES -> ExportTraceServiceRequest.parseFrom(body);
                case LOGS -> ExportLogsServiceRequest.parseFrom(body);
                case METRICS -> ExportMetricsServiceRequest.parseFrom(body);
            }
            return true;
        } catch (InvalidProtocolBufferException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
