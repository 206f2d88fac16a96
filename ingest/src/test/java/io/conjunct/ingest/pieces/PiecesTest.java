// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import io.conjunct.ingest.OtlpJson;
import io.conjunct.ingest.otlp.JsonReader;
import io.conjunct.ingest.otlp.MalformedRequestException;
import io.conjunct.ingest.otlp.ProtobufReader;
import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.otlp.Transcript;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of the pieces is what is read of the whole. */
class PiecesTest {
    @ParameterizedTest
    @EnumSource
    void piecesOfRandomRequests_readAsTheWhole(Signal signal) throws Exception {
        int cut = 0;
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            byte[] request = shuffled(request(signal, random), 3, random);
            int target = 1 + random.nextInt(random.nextBoolean() ? 40 : 2_000);
            List<String> whole = records(signal, List.of(request));
            List<byte[]> pieces = pieces(request, target);
            assertThat(records(signal, pieces)).as("seed %s", seed).isEqualTo(whole);
            cut += pieces.size();
        }
        // Of nothing but whole requests, nothing could be learned.
        assertThat(cut).isGreaterThan(4_000);
    }

    @Test
    void piecesAreAsLongAsTold_butForLongRecords_andTheirContext() throws Exception {
        Random random = new Random(1);
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        for (int i = 0; i < 1_000; i++) {
            scope.addSpans(span(random));
        }
        byte[] request =
                traces(ResourceSpans.newBuilder().setResource(resource("short")).addScopeSpans(scope));
        int context = resource("short").getSerializedSize();
        List<byte[]> pieces = pieces(request, 2_000);
        assertThat(pieces).hasSizeBetween(request.length / 2_000, request.length / 1_500);
        assertThat(pieces).allSatisfy(piece -> assertThat(piece.length).isLessThan(2_000 + context + 20));
    }

    @ParameterizedTest
    @EnumSource
    void piecesOfRandomJson_readAsTheWhole(Signal signal) throws Exception {
        int cut = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] request = OtlpJson.shuffled(message(signal, request(signal, random)), random);
            int target = 1 + random.nextInt(random.nextBoolean() ? 100 : 4_000);
            List<byte[]> pieces = jsonPieces(signal, request, target);
            assertThat(jsonRecords(signal, pieces))
                    .as("seed %s", seed)
                    .isEqualTo(jsonRecords(signal, List.of(request)));
            cut += pieces.size();
        }
        assertThat(cut).isGreaterThan(3_000);
    }

    private static Message message(Signal signal, byte[] request) throws IOException {
        return switch (signal) {
            case TRACES -> ExportTraceServiceRequest.parseFrom(request);
            case LOGS -> ExportLogsServiceRequest.parseFrom(request);
            case METRICS -> ExportMetricsServiceRequest.parseFrom(request);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{} {}",
                "{\"resourceSpans\": 1}",
                "{\"resourceSpans\": [1]}",
                "{\"resourceSpans\": [{\"resource\": []}]}",
                "{\"resourceSpans\": [{\"scopeSpans\": {}}]}",
                "{\"resourceSpans\": [{\"scopeSpans\": [{\"spans\": [{}",
                "{\"other\": \"\u0001\"}",
                "{\"resourceSpans\": [,]}"
            })
    void whatIsNoJsonRequest_isMalformed(String request) {
        byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> jsonPieces(Signal.TRACES, bytes, 4)).isInstanceOf(MalformedRequestException.class);
        assertThatThrownBy(() -> jsonRecords(Signal.TRACES, List.of(bytes)))
                .as("read as a whole")
                .isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void jsonOfAnotherEncoding_isMalformed() {
        byte[] bytes = "{\"resourceSpans\": [{}]}".getBytes(StandardCharsets.UTF_16);
        assertThatThrownBy(() -> jsonPieces(Signal.TRACES, bytes, 4))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void jsonWithBlanksAndNulls_readsAsTheWhole() throws Exception {
        String span = " { \"name\" : \"a\" , \"traceId\": \"0af7651916cd43dd8448eb211c80319c\", \"spanId\":"
                + " \"b7ad6b7169203331\"} ";
        String request = "\n{ \"later\": [[{}]], \"resourceSpans\" : [ null, { \"scopeSpans\" : [ {\"spans\": [" + span
                + ", null ," + span
                + "], \"scope\": null }, {\"spans\": null}, null ], \"resource\": {\"attributes\": [] } } ] }\n";
        byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
        for (int target = 1; target < bytes.length; target += 7) {
            assertThat(jsonRecords(Signal.TRACES, jsonPieces(Signal.TRACES, bytes, target)))
                    .hasSize(2)
                    .isEqualTo(jsonRecords(Signal.TRACES, List.of(bytes)));
        }
    }

    @Test
    void jsonContextThatCannotBeCopied_isTooLong() {
        byte[] request = OtlpJson.of(ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(resource("x".repeat(Piece.MAX_CONTEXT)))
                        .addScopeSpans(ScopeSpans.newBuilder().addSpans(span(new Random(1)))))
                .build());
        assertThatThrownBy(() -> jsonPieces(Signal.TRACES, request, 1_000)).isInstanceOf(TooLongException.class);
    }

    @Test
    void shortRequest_isOnePiece_asItIs() throws Exception {
        byte[] request = request(Signal.TRACES, new Random(5));
        assertThat(pieces(request, request.length)).hasSize(1).first().isEqualTo(request);
        assertThat(pieces(new byte[0], 10)).isEmpty();
    }

    @Test
    void truncated_isMalformed_whereverItEnds() throws Exception {
        byte[] request = request(Signal.LOGS, new Random(7));
        int malformed = 0;
        for (int length = 1; length < request.length; length++) {
            byte[] part = java.util.Arrays.copyOf(request, length);
            boolean whole = isReadable(Signal.LOGS, List.of(part));
            boolean inPieces;
            try {
                inPieces = isReadable(Signal.LOGS, pieces(part, 30));
            } catch (MalformedRequestException e) {
                inPieces = false;
            }
            assertThat(inPieces).as("the first %s bytes", length).isEqualTo(whole);
            malformed += whole ? 0 : 1;
        }
        assertThat(malformed).isGreaterThan(request.length / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0a", "0a05", "0aff", "0b", "0c", "07", "00", "0affffffff0f", "0affffffffffffffffffff"})
    void whatIsNoMessage_isMalformed(String hex) {
        byte[] request = new java.math.BigInteger("01" + hex, 16).toByteArray();
        byte[] bytes = java.util.Arrays.copyOfRange(request, 1, request.length);
        assertThatThrownBy(() -> pieces(bytes, 4)).isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void unknownFieldsAndGroups_arePassedOver() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeInt64(900, -1);
        out.writeTag(901, 3);
        out.writeString(1, "in a group");
        out.writeTag(901, 4);
        out.writeFixed32(902, 7);
        out.writeRawBytes(request(Signal.TRACES, new Random(9)));
        out.writeByteArray(903, new byte[500]);
        out.flush();
        byte[] request = bytes.toByteArray();
        assertThat(records(Signal.TRACES, pieces(request, 50))).isEqualTo(records(Signal.TRACES, List.of(request)));
    }

    @Test
    void contextThatCannotBeCopied_isTooLong() {
        byte[] request = traces(ResourceSpans.newBuilder()
                .setResource(resource("x".repeat(Piece.MAX_CONTEXT)))
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(span(new Random(1)))));
        assertThatThrownBy(() -> pieces(request, 1_000)).isInstanceOf(TooLongException.class);
        ResourceSpans one = ResourceSpans.newBuilder()
                .setResource(resource("x".repeat(100)))
                .build();
        ByteString many = ByteString.EMPTY;
        for (int i = 0; i <= ProtobufPieces.MAX_CONTEXT_FIELDS; i++) {
            many = many.concat(one.toByteString());
        }
        ByteString body = many;
        byte[] spread = message(10, body.toByteArray());
        assertThatThrownBy(() -> pieces(spread, 1_000)).isInstanceOf(TooLongException.class);
    }

    private static byte[] message(int tag, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeUInt32NoTag(tag);
            out.writeUInt32NoTag(body.length);
            out.writeRawBytes(body);
            out.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static List<byte[]> pieces(byte[] request, int target) throws IOException, TooLongException {
        StoredRequest stored = new StoredBytes(request);
        return read(stored, ProtobufPieces.of(stored, target));
    }

    private static List<byte[]> jsonPieces(Signal signal, byte[] request, int target)
            throws IOException, TooLongException {
        StoredRequest stored = new StoredBytes(request);
        return read(stored, JsonPieces.of(stored, signal, target));
    }

    private static List<byte[]> read(StoredRequest stored, List<Piece> pieces) throws IOException {
        List<byte[]> read = new ArrayList<>();
        for (Piece piece : pieces) {
            byte[] bytes = new byte[(int) piece.length()];
            piece.read(stored, bytes);
            read.add(bytes);
        }
        return read;
    }

    private static boolean isReadable(Signal signal, List<byte[]> requests) {
        try {
            records(signal, requests);
            return true;
        } catch (MalformedRequestException e) {
            return false;
        }
    }

    /** Each record with the resource and scope that it was read with, which are told once per piece. */
    private static List<String> records(Signal signal, List<byte[]> requests) throws MalformedRequestException {
        ProtobufReader reader = new ProtobufReader();
        return records(requests, (request, transcript) -> reader.read(signal, request, transcript));
    }

    private static List<String> jsonRecords(Signal signal, List<byte[]> requests) throws MalformedRequestException {
        JsonReader reader = new JsonReader();
        return records(requests, (request, transcript) -> reader.read(signal, request, transcript));
    }

    private interface Reading {
        void read(byte[] request, Transcript transcript) throws MalformedRequestException;
    }

    private static List<String> records(List<byte[]> requests, Reading reading) throws MalformedRequestException {
        List<String> records = new ArrayList<>();
        for (byte[] request : requests) {
            Transcript transcript = new Transcript();
            reading.read(request, transcript);
            List<String> attributes = new ArrayList<>();
            String resource = "";
            String scope = "";
            for (String line : transcript.lines) {
                if (line.contains("=") || line.contains("#")) {
                    attributes.add(line);
                } else if (line.equals("resource")) {
                    resource = attributes.toString();
                    attributes.clear();
                } else if (line.startsWith("scope ")) {
                    scope = line;
                } else {
                    records.add(resource + " " + scope + " " + attributes + " " + line);
                    attributes.clear();
                }
            }
        }
        return records;
    }

    private static byte[] request(Signal signal, Random random) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        for (int i = random.nextInt(4); i >= 0; i--) {
            Resource resource = resource("r" + random.nextInt(3) + "x".repeat(random.nextInt(60)));
            InstrumentationScope scope = InstrumentationScope.newBuilder()
                    .setName("scope" + random.nextInt(5))
                    .build();
            int scopes = random.nextInt(4);
            request.writeBytes(
                    switch (signal) {
                        case TRACES -> traces(spans(resource, scopes, scope, random));
                        case LOGS -> logs(resource, scopes, scope, random);
                        case METRICS -> metrics(resource, scopes, scope, random);
                    });
        }
        return request.toByteArray();
    }

    private static byte[] traces(ResourceSpans.Builder part) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(part)
                .build()
                .toByteArray();
    }

    private static ResourceSpans.Builder spans(
            Resource resource, int scopes, InstrumentationScope scope, Random random) {
        ResourceSpans.Builder part = ResourceSpans.newBuilder().setResource(resource);
        for (int i = 0; i < scopes; i++) {
            ScopeSpans.Builder spans = part.addScopeSpansBuilder().setScope(scope);
            for (int j = random.nextInt(12); j > 0; j--) {
                spans.addSpans(span(random));
            }
        }
        return part;
    }

    private static byte[] logs(Resource resource, int scopes, InstrumentationScope scope, Random random) {
        ResourceLogs.Builder part = ResourceLogs.newBuilder().setResource(resource);
        for (int i = 0; i < scopes; i++) {
            ScopeLogs.Builder logs = part.addScopeLogsBuilder().setScope(scope);
            for (int j = random.nextInt(12); j > 0; j--) {
                logs.addLogRecords(LogRecord.newBuilder()
                        .setEventName("event" + random.nextInt(4))
                        .setTimeUnixNano(random.nextInt(1_000))
                        .addAttributes(attribute(random)));
            }
        }
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(part)
                .build()
                .toByteArray();
    }

    private static byte[] metrics(Resource resource, int scopes, InstrumentationScope scope, Random random) {
        ResourceMetrics.Builder part = ResourceMetrics.newBuilder().setResource(resource);
        for (int i = 0; i < scopes; i++) {
            ScopeMetrics.Builder metrics = part.addScopeMetricsBuilder().setScope(scope);
            for (int j = random.nextInt(12); j > 0; j--) {
                metrics.addMetrics(Metric.newBuilder()
                        .setName("metric" + j)
                        .setGauge(Gauge.newBuilder()
                                .addDataPoints(NumberDataPoint.newBuilder()
                                        .setAsDouble(random.nextInt(100))
                                        .addAttributes(attribute(random)))));
            }
        }
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(part)
                .build()
                .toByteArray();
    }

    private static Span.Builder span(Random random) {
        byte[] ids = new byte[24];
        random.nextBytes(ids);
        Span.Builder span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(ids, 0, 16))
                .setSpanId(ByteString.copyFrom(ids, 16, 8))
                .setName("span" + random.nextInt(5))
                .setEndTimeUnixNano(random.nextInt(1_000));
        for (int i = random.nextInt(4); i > 0; i--) {
            span.addAttributes(attribute(random));
        }
        return span;
    }

    private static Resource resource(String value) {
        return Resource.newBuilder()
                .addAttributes(KeyValue.newBuilder()
                        .setKey("service.name")
                        .setValue(AnyValue.newBuilder().setStringValue(value)))
                .build();
    }

    private static KeyValue attribute(Random random) {
        return KeyValue.newBuilder()
                .setKey((random.nextBoolean() ? "unwanted" : "key") + random.nextInt(5))
                .setValue(AnyValue.newBuilder()
                        .setStringValue("v".repeat(random.nextInt(random.nextBoolean() ? 9 : 200))))
                .build();
    }

    /** The same message with its fields in another order, some with unknown ones between, down to the records. */
    private static byte[] shuffled(byte[] message, int depth, Random random) throws IOException {
        if (depth == 0) {
            return message;
        }
        List<byte[]> fields = new ArrayList<>();
        var in = com.google.protobuf.CodedInputStream.newInstance(message);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if ((tag & 7) == 2) {
                boolean isPart = depth == 3 ? tag == 10 : tag == 18 && depth > 1;
                byte[] body = in.readByteArray();
                fields.add(message(tag, isPart ? shuffled(body, depth - 1, random) : body));
            } else {
                throw new AssertionError("a field of no length");
            }
        }
        if (random.nextInt(3) == 0) {
            // Records stay in order: it is told apart which of them came first.
            List<byte[]> context =
                    fields.stream().filter(field -> field[0] == 10 && depth < 3).toList();
            fields.removeAll(context);
            fields.addAll(random.nextInt(fields.size() + 1), context);
        }
        if (random.nextInt(3) == 0) {
            fields.add(random.nextInt(fields.size() + 1), message(31 << 3 | 2, new byte[random.nextInt(50)]));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        fields.forEach(out::writeBytes);
        return out.toByteArray();
    }
}
