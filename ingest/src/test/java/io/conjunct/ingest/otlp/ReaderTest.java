// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.conjunct.ingest.mapping.Mapping;
import io.conjunct.ingest.mapping.RequestMapper;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.profile.IngestProfile;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both readers against the generated messages, against each other, and against damaged input. Seeds are fixed. */
class ReaderTest {
    private final ProtobufReader protobuf = new ProtobufReader();
    private final JsonReader json = new JsonReader();

    @Test
    void randomSpans_areReadAsTheGeneratedMessagesReadThem() throws Exception {
        Random random = new Random(42);
        for (int i = 0; i < 500; i++) {
            ExportTraceServiceRequest request = randomTraces(random);
            Transcript transcript = new Transcript();
            protobuf.read(Signal.TRACES, request.toByteArray(), transcript);
            assertThat(transcript.lines).isEqualTo(expected(request).lines);
            assertThat(transcript.skipped).isEqualTo(expected(request).skipped);
        }
    }

    /** What is foreseen is often wrong here: other attributes, other values, another order, and more than are foreseen. */
    @Test
    void attributesInEveryOrderAndNumber_areReadAsTheGeneratedMessagesReadThem() throws Exception {
        Random random = new Random(11);
        List<KeyValue> known = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            known.add(random(random));
        }
        for (int i = 0; i < 200; i++) {
            ScopeSpans.Builder scope = ScopeSpans.newBuilder();
            for (int k = 0; k < 8; k++) {
                List<KeyValue> some = new ArrayList<>(known.subList(0, 20 + random.nextInt(40)));
                if (random.nextInt(3) == 0) {
                    java.util.Collections.shuffle(some, random);
                }
                if (random.nextInt(3) == 0) {
                    some.set(random.nextInt(some.size()), random(random));
                }
                scope.addSpans(
                        Span.newBuilder().setName("name" + random.nextInt(2)).addAllAttributes(some));
            }
            ExportTraceServiceRequest request = ExportTraceServiceRequest.newBuilder()
                    .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
                    .build();
            Transcript transcript = new Transcript();
            protobuf.read(Signal.TRACES, request.toByteArray(), transcript);
            assertThat(transcript.lines).isEqualTo(expected(request).lines);
            assertThat(transcript.skipped).isEqualTo(expected(request).skipped);
        }
    }

    /** The value first, twice, in the midst, and something else behind it: the runtime takes the last of each. */
    @Test
    void attributesInUnusualOrder_areReadAsTheGeneratedMessagesReadThem() throws Exception {
        Random random = new Random(13);
        for (int i = 0; i < 2_000; i++) {
            Span.Builder span = Span.newBuilder().setName("name");
            for (int a = random.nextInt(5); a >= 0; a--) {
                ByteString parts = ByteString.EMPTY;
                for (int p = random.nextInt(5); p >= 0; p--) {
                    KeyValue one = random(random);
                    KeyValue part = random.nextBoolean()
                            ? KeyValue.newBuilder().setKey(one.getKey()).build()
                            : KeyValue.newBuilder()
                                    .setValue(AnyValue.newBuilder().setStringValue("v" + random.nextInt(3)))
                                    .build();
                    parts = parts.concat(part.toByteString());
                }
                KeyValue key =
                        KeyValue.newBuilder().setKey("key" + random.nextInt(3)).build();
                parts = random.nextBoolean() ? key.toByteString().concat(parts) : parts.concat(key.toByteString());
                // As it was written, not as the runtime would write it.
                span.setUnknownFields(UnknownFieldSet.newBuilder(span.getUnknownFields())
                        .mergeField(
                                9, Field.newBuilder().addLengthDelimited(parts).build())
                        .build());
            }
            Span unusual = span.clone().clearAttributes().build();
            ExportTraceServiceRequest request = traces(unusual);
            ExportTraceServiceRequest usual = ExportTraceServiceRequest.parseFrom(request.toByteArray());
            assertThat(read(Signal.TRACES, request.toByteArray())).isEqualTo(expected(usual).lines);
        }
    }

    /** With and without what may stand in it, and said once more behind it: the runtime takes what was said last. */
    @Test
    void headsOfSpans_areReadAsTheGeneratedMessagesReadThem() throws Exception {
        Random random = new Random(17);
        for (int i = 0; i < 5_000; i++) {
            byte[] span = head(random).toByteArray();
            if (random.nextInt(4) == 0) {
                span = ByteString.copyFrom(span)
                        .concat(head(random).toByteString())
                        .toByteArray();
            }
            byte[] request = traces(Span.parseFrom(span)).toByteArray();
            assertThat(read(Signal.TRACES, request))
                    .isEqualTo(expected(ExportTraceServiceRequest.parseFrom(request)).lines);
            byte[] asWritten = nested(1, nested(2, nested(2, span)));
            assertThat(read(Signal.TRACES, asWritten))
                    .isEqualTo(expected(ExportTraceServiceRequest.parseFrom(asWritten)).lines);
            byte[] cut =
                    nested(1, nested(2, nested(2, java.util.Arrays.copyOf(span, random.nextInt(span.length + 1)))));
            assertThat(survives(() -> protobuf.read(Signal.TRACES, cut, new Transcript())))
                    .isEqualTo(isReadable(cut));
        }
    }

    private static Span head(Random random) {
        byte[] trace = new byte[random.nextInt(10) == 0 ? 15 : 16];
        byte[] id = new byte[random.nextInt(10) == 0 ? 9 : 8];
        random.nextBytes(trace);
        random.nextBytes(id);
        Span.Builder span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(trace))
                .setSpanId(ByteString.copyFrom(id))
                .setName("n".repeat(random.nextInt(140)))
                .setKindValue(random.nextInt(10) == 0 ? 128 + random.nextInt(1_000) : random.nextInt(6))
                .setStartTimeUnixNano(random.nextInt(4) == 0 ? 0 : random.nextLong())
                .setEndTimeUnixNano(random.nextLong())
                .setFlags(random.nextInt(3) * 257);
        if (random.nextBoolean()) {
            span.setParentSpanId(ByteString.copyFrom(id));
        }
        if (random.nextInt(4) == 0) {
            span.setTraceState("vendor=1");
        }
        if (random.nextBoolean()) {
            span.addAttributes(random(random));
        }
        return span.build();
    }

    private static byte[] nested(int field, byte[] message) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        field,
                        Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(message))
                                .build())
                .build()
                .toByteArray();
    }

    private static boolean isReadable(byte[] request) {
        try {
            var unused = ExportTraceServiceRequest.parseFrom(request);
            return true;
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private static ExportTraceServiceRequest traces(Span span) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
                .build();
    }

    /** Readers of several threads have visitors of their own, who make different things of the same name. */
    @Test
    void whatAVisitorMakesOfAName_staysWithItsReader() throws Exception {
        // A resource with an attribute whose name is empty.
        byte[] request = {10, 11, 10, 9, 10, 7, 10, 0, 18, 3, 10, 1, 'x'};
        assertThat(ExportTraceServiceRequest.parseFrom(request)
                        .getResourceSpans(0)
                        .getResource()
                        .getAttributes(0)
                        .getKey())
                .isEmpty();
        RequestMapper mapper = new Mapping(10_000, 0, 100, new IngestMetrics(new PrometheusRegistry())).newMapper();
        mapper.begin(Signal.TRACES, IngestProfile.keepEverything(), 0);
        ProtobufReader reader = new ProtobufReader();
        reader.read(Signal.TRACES, request, mapper);
        new ProtobufReader().read(Signal.TRACES, request, new Transcript());
        assertThatCode(() -> reader.read(Signal.TRACES, request, mapper)).doesNotThrowAnyException();
    }

    @Test
    void concatenatedRequests_areTheirUnion() throws Exception {
        Random random = new Random(7);
        ByteString a = randomTraces(random).toByteString();
        ByteString b = randomTraces(random).toByteString();
        List<String> both = new ArrayList<>(read(Signal.TRACES, a.toByteArray()));
        both.addAll(read(Signal.TRACES, b.toByteArray()));
        assertThat(read(Signal.TRACES, a.concat(b).toByteArray())).isEqualTo(both);
    }

    @Test
    void metrics_areReadAlikeInBothEncodings() throws Exception {
        ExportMetricsServiceRequest request = ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(Resource.newBuilder().addAttributes(text("service.name", "a")))
                        .addScopeMetrics(ScopeMetrics.newBuilder()
                                .setScope(InstrumentationScope.newBuilder().setName("lib"))
                                .addMetrics(Metric.newBuilder()
                                        .setName("s")
                                        .setSum(Sum.newBuilder()
                                                .setAggregationTemporalityValue(2)
                                                .setIsMonotonic(true)
                                                .addDataPoints(NumberDataPoint.newBuilder()
                                                        .setStartTimeUnixNano(1)
                                                        .setTimeUnixNano(2)
                                                        .setAsInt(-5)
                                                        .addAttributes(text("k", "v")))))
                                .addMetrics(Metric.newBuilder()
                                        .setName("h")
                                        .setHistogram(Histogram.newBuilder()
                                                .setAggregationTemporalityValue(1)
                                                .addDataPoints(HistogramDataPoint.newBuilder()
                                                        .setTimeUnixNano(2)
                                                        .setCount(3)
                                                        .setSum(1.5)
                                                        .setMin(-1)
                                                        .addBucketCounts(1)
                                                        .addBucketCounts(2)
                                                        .addExplicitBounds(0.5))))
                                .addMetrics(Metric.newBuilder()
                                        .setName("e")
                                        .setExponentialHistogram(ExponentialHistogram.newBuilder()
                                                .setAggregationTemporalityValue(1)
                                                .addDataPoints(ExponentialHistogramDataPoint.newBuilder()
                                                        .setTimeUnixNano(2)
                                                        .setCount(6)
                                                        .setScale(-2)
                                                        .setZeroCount(1)
                                                        .setFlags(1)
                                                        .setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder()
                                                                .setOffset(-7)
                                                                .addBucketCounts(2)
                                                                .addBucketCounts(3)))))))
                .build();
        String sameInJson = """
                {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},
                "scopeMetrics":[{"scope":{"name":"lib"},"metrics":[
                {"name":"s","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"startTimeUnixNano":"1",
                "timeUnixNano":2,"asInt":"-5","attributes":[{"key":"k","value":{"stringValue":"v"}}]}]}},
                {"name":"h","histogram":{"dataPoints":[{"timeUnixNano":"2","count":"3","sum":1.5,"min":-1,
                "bucketCounts":["1",2],"explicitBounds":[0.5]}],"aggregationTemporality":1}},
                {"exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":2,"count":6,"scale":-2,
                "zeroCount":"1","flags":1,"positive":{"offset":-7,"bucketCounts":[2,3]}}]},"name":"e"}]}]}]}""";
        Transcript transcript = new Transcript();
        json.read(Signal.METRICS, sameInJson.getBytes(StandardCharsets.UTF_8), transcript);
        assertThat(read(Signal.METRICS, request.toByteArray()))
                .isEqualTo(transcript.lines)
                .hasSize(10);
    }

    @Test
    void damagedProtobuf_isMalformedOrRead_neverACrash() {
        Random random = new Random(1);
        int malformed = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = damaged(randomTraces(random).toByteArray(), random);
            for (Signal signal : Signal.values()) {
                malformed += survives(() -> protobuf.read(signal, bytes, new Transcript())) ? 0 : 1;
            }
        }
        assertThat(malformed).isPositive();
    }

    @Test
    void damagedProtobuf_thatTheRuntimeRefuses_isRefusedUnlessTheDamageWasSkipped() {
        Random random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = randomTraces(random).toByteArray();
            byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            assertThat(survives(() -> protobuf.read(Signal.TRACES, cut, new Transcript())))
                    .isEqualTo(isReadable(cut));
        }
    }

    @Test
    void damagedJson_isMalformedOrRead_neverACrash() {
        Random random = new Random(3);
        String good =
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"a\",\"traceId\":\"" + "0a".repeat(16)
                        + "\",\"attributes\":[{\"key\":\"k\",\"value\":{\"intValue\":\"5\"}}],\"status\":{\"code\":1}}]}],"
                        + "\"resource\":{\"attributes\":[]}}]}";
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = damaged(good.getBytes(StandardCharsets.UTF_8), random);
            survives(() -> json.read(Signal.TRACES, bytes, new Transcript()));
        }
    }

    @Test
    void malformedUtf8_becomesReplacementCharacters() throws Exception {
        byte[] request = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .addSpans(Span.newBuilder().setName("ab"))))
                .build()
                .toByteArray();
        for (int i = 0; i < request.length; i++) {
            if (request[i] == 'a') {
                request[i] = (byte) 0xFF;
            }
        }
        assertThat(read(Signal.TRACES, request).get(1)).startsWith("span \uFFFDb ");
    }

    @Test
    void groupThatEndsWithoutStart_isMalformed() {
        assertThatThrownBy(() -> read(Signal.TRACES, new byte[] {12})).isInstanceOf(MalformedRequestException.class);
    }

    private List<String> read(Signal signal, byte[] request) throws MalformedRequestException {
        Transcript transcript = new Transcript();
        protobuf.read(signal, request, transcript);
        return transcript.lines;
    }

    /** False when the input was refused; any other exception fails the test. */
    private static boolean survives(Reading reading) {
        try {
            reading.read();
            return true;
        } catch (MalformedRequestException e) {
            return false;
        }
    }

    private interface Reading {
        void read() throws MalformedRequestException;
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged;
    }

    private static Transcript expected(ExportTraceServiceRequest request) {
        Transcript transcript = new Transcript();
        for (ResourceSpans resource : request.getResourceSpansList()) {
            report(resource.getResource().getAttributesList(), transcript);
            transcript.resource();
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                for (Span span : scope.getSpansList()) {
                    report(span.getAttributesList(), transcript);
                    byte[] trace = span.getTraceId().toByteArray();
                    boolean whole = trace.length == 16;
                    var longs = java.nio.ByteBuffer.wrap(trace);
                    transcript.span(
                            span.getName(),
                            span.getKindValue(),
                            span.getStartTimeUnixNano(),
                            span.getEndTimeUnixNano(),
                            span.getStatus().getCodeValue(),
                            whole ? longs.getLong() : 0,
                            whole ? longs.getLong() : 0,
                            whole && span.getSpanId().size() == 8);
                }
            }
        }
        return transcript;
    }

    private static void report(List<KeyValue> attributes, Transcript transcript) {
        for (KeyValue attribute : attributes) {
            AttributeName key = transcript.name(attribute.getKey());
            AnyValue value = attribute.getValue();
            boolean number = key.reading == AttributeName.Reading.NUMBER;
            if (key.reading == AttributeName.Reading.SKIPPED) {
                transcript.skipped(key.reading, 1);
            } else if (number && value.hasIntValue()) {
                transcript.number(key, value.getIntValue());
            } else if (number && value.hasDoubleValue()) {
                transcript.number(key, value.getDoubleValue());
            } else {
                switch (value.getValueCase()) {
                    case STRING_VALUE -> transcript.attribute(new Attribute(key, value.getStringValue()));
                    case INT_VALUE -> transcript.attribute(new Attribute(key, Long.toString(value.getIntValue())));
                    case DOUBLE_VALUE ->
                        transcript.attribute(new Attribute(key, Double.toString(value.getDoubleValue())));
                    case BOOL_VALUE -> transcript.attribute(new Attribute(key, Boolean.toString(value.getBoolValue())));
                    default -> transcript.attributeWithoutScalar(key);
                }
            }
        }
    }

    private static ExportTraceServiceRequest randomTraces(Random random) {
        var request = ExportTraceServiceRequest.newBuilder();
        for (int r = random.nextInt(3); r >= 0; r--) {
            var resource =
                    ResourceSpans.newBuilder().setResource(Resource.newBuilder().addAttributes(random(random)));
            for (int s = random.nextInt(2); s >= 0; s--) {
                var scope = ScopeSpans.newBuilder()
                        .setScope(InstrumentationScope.newBuilder().setName("s"));
                for (int i = random.nextInt(4); i > 0; i--) {
                    byte[] trace = new byte[random.nextInt(10) == 0 ? 15 : 16];
                    byte[] id = new byte[random.nextInt(10) == 0 ? 7 : 8];
                    random.nextBytes(trace);
                    random.nextBytes(id);
                    var span = Span.newBuilder()
                            .setTraceId(ByteString.copyFrom(trace))
                            .setSpanId(ByteString.copyFrom(id))
                            .setName("name" + random.nextInt(5) + "é".repeat(random.nextInt(90)))
                            .setKindValue(random.nextInt(6))
                            .setStartTimeUnixNano(random.nextLong())
                            .setEndTimeUnixNano(random.nextLong())
                            .setStatus(Status.newBuilder().setMessage("m").setCodeValue(random.nextInt(3)));
                    for (int a = random.nextInt(6); a > 0; a--) {
                        span.addAttributes(random(random));
                    }
                    scope.addSpans(span);
                }
                resource.addScopeSpans(scope);
            }
            request.addResourceSpans(resource);
        }
        return request.build();
    }

    private static KeyValue random(Random random) {
        AnyValue.Builder value = AnyValue.newBuilder();
        switch (random.nextInt(7)) {
            case 0 -> value.setStringValue("v" + random.nextInt(3));
            case 1 ->
                value.setStringValue("v" + random.nextInt(100) + "é".repeat(random.nextInt(random.nextInt(150) + 1)));
            case 2 -> value.setIntValue(random.nextLong() >> random.nextInt(64));
            case 3 -> value.setDoubleValue(random.nextGaussian());
            case 4 -> value.setBoolValue(random.nextBoolean());
            case 5 -> value.setBytesValue(ByteString.copyFromUtf8("raw"));
            default -> {}
        }
        String key = List.of("unwanted", "number", "key").get(random.nextInt(3)) + random.nextInt(4);
        KeyValue.Builder attribute = KeyValue.newBuilder().setKey(key).setValue(value);
        if (random.nextInt(4) == 0) {
            // Of tomorrow, and not the usual way any more.
            attribute.setUnknownFields(UnknownFieldSet.newBuilder()
                    .addField(
                            15,
                            Field.newBuilder().addVarint(random.nextInt(1_000)).build())
                    .build());
        }
        return attribute.build();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }
}
