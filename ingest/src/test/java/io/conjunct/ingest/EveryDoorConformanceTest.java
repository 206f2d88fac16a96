// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.attribute;
import static io.conjunct.ingest.Otlp.logs;
import static io.conjunct.ingest.Otlp.metrics;
import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.event.Kind;
import io.conjunct.ingest.Door.Answer;
import io.conjunct.ingest.otlp.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What OTLP asks of every transport: checks C1 to C4, C10 to C14 and C43 to C52, through real sockets. */
class EveryDoorConformanceTest {
    private static final long NOW = Fixture.NOW.toEpochMilli();

    private Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource
    void c1_gzipAndPlain_areAccepted(Door door) {
        byte[] request = door == Door.HTTP_JSON
                ? OtlpJson.of(traces(span()))
                : traces(span()).toByteArray();
        assertThat(door.export(fixture, Signal.TRACES, request, false)).isEqualTo(Answer.SUCCESS);
        assertThat(door.export(fixture, Signal.TRACES, request, true)).isEqualTo(Answer.SUCCESS);
        assertThat(fixture.log.events()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void c2_unknownFields_areIgnored(Door door) {
        UnknownFieldSet.Field later = UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8("later"))
                .addFixed32(1)
                .addVarint(2)
                .build();
        byte[] request = traces(span()).toBuilder()
                .setUnknownFields(
                        UnknownFieldSet.newBuilder().addField(777, later).build())
                .build()
                .toByteArray();
        byte[] json = new String(OtlpJson.of(traces(span())), StandardCharsets.UTF_8)
                .replaceFirst("\\{", "{\"later\":[{\"x\":1}],")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(door.export(fixture, Signal.TRACES, door == Door.HTTP_JSON ? json : request, false))
                .isEqualTo(Answer.SUCCESS);
        assertThat(fixture.log.events()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void c3_c10_emptyRequestsAndEnvelopes_succeed(Door door) {
        assertThat(door.export(fixture, Signal.TRACES, ExportTraceServiceRequest.getDefaultInstance()))
                .isEqualTo(Answer.SUCCESS);
        assertThat(door.export(fixture, Signal.LOGS, ExportLogsServiceRequest.getDefaultInstance()))
                .isEqualTo(Answer.SUCCESS);
        assertThat(door.export(fixture, Signal.METRICS, ExportMetricsServiceRequest.getDefaultInstance()))
                .isEqualTo(Answer.SUCCESS);
        var envelope = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.getDefaultInstance())
                .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.getDefaultInstance()))
                .build();
        assertThat(door.export(fixture, Signal.TRACES, envelope)).isEqualTo(Answer.SUCCESS);
        assertThat(fixture.log.events()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void c4_requestThatComesAgain_countsOnce(Door door) {
        fixture.close();
        fixture = new Fixture(Fixture.settings().withDuplicateWindow(Duration.ofSeconds(60)));
        for (int i = 0; i < 3; i++) {
            assertThat(door.export(fixture, Signal.TRACES, traces(span()))).isEqualTo(Answer.SUCCESS);
        }
        assertThat(fixture.log.events()).isEqualTo(1);
        assertThat(fixture.metric("duplicate_requests")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void c11_c14_success_leavesPartialSuccessUnset(Door door) {
        assertThat(door.export(fixture, Signal.TRACES, traces(span()))).isEqualTo(Answer.SUCCESS);
        assertThat(door.export(fixture, Signal.METRICS, metrics(gauge("g", 1)))).isEqualTo(Answer.SUCCESS);
        assertThat(door.export(fixture, Signal.LOGS, logs(event()))).isEqualTo(Answer.SUCCESS);
        assertThat(fixture.log.events()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void c12_rejectedRecords_areCountedAndExplained(Door door) {
        Answer answer = door.export(
                fixture, Signal.TRACES, traces(span(), span().setTraceId(ByteString.copyFrom(new byte[16]))));
        assertThat(answer).isEqualTo(new Answer(200, true, 1, "1 rejected: trace id or span id is invalid"));
        Answer points =
                door.export(fixture, Signal.METRICS, metrics(gauge("g", Double.NaN), gauge("g", 1), gauge("g", 1)));
        assertThat(points).isEqualTo(new Answer(200, true, 1, "1 rejected: data point is invalid"));
        assertThat(fixture.log.events()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void c13_warnings_rejectNothing(Door door) {
        Span.Builder[] spans = new Span.Builder[1_010];
        for (int i = 0; i < spans.length; i++) {
            spans[i] = span().addAttributes(attribute("cart.color", "v" + i));
        }
        Answer answer = door.export(fixture, Signal.TRACES, traces(spans));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.partial()).isTrue();
        assertThat(answer.rejected()).isZero();
        assertThat(answer.message()).contains("cart.color");
        assertThat(fixture.log.events()).isEqualTo(1_010);
    }

    @ParameterizedTest
    @EnumSource
    void c16_c29_bytesThatAreNoRequest_areBadData(Door door) {
        for (String garbage : new String[] {"<html>", "{", "\n\u0063x", "[1,2]"}) {
            assertThat(door.export(fixture, Signal.LOGS, garbage.getBytes(StandardCharsets.UTF_8), false)
                            .status())
                    .as(garbage)
                    .isEqualTo(400);
        }
        assertThat(fixture.metric("received")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void c43_invalidIds_rejectASpan_butNotALogRecord(Door door) {
        assertThat(door.export(
                                fixture,
                                Signal.TRACES,
                                traces(
                                        span().setTraceId(ByteString.copyFrom(new byte[15])),
                                        span().setTraceId(ByteString.EMPTY),
                                        span().setSpanId(ByteString.copyFrom(new byte[8]))))
                        .rejected())
                .isEqualTo(3);
        assertThat(door.export(
                        fixture,
                        Signal.LOGS,
                        logs(event().setTraceId(ByteString.copyFrom(new byte[15]))
                                .setSpanId(ByteString.copyFrom(new byte[3])))))
                .isEqualTo(Answer.SUCCESS);
        assertThat(fixture.metric("rejected", "span", "invalid_id")).isEqualTo(3);
        assertThat(fixture.log.onlyRows().series().kind()).isEqualTo(Kind.EVENT);
    }

    @ParameterizedTest
    @EnumSource
    void c44_spanKinds_areAnAttribute_unspecifiedIsInternal(Door door) {
        String[] names = {"internal", "internal", "server", "client", "producer", "consumer", "internal"};
        for (int kind = 0; kind < names.length; kind++) {
            door.export(
                    fixture, Signal.TRACES, traces(span().setName("k" + kind).setKindValue(kind)));
        }
        assertThat(fixture.log.rows())
                .extracting(rows -> rows.series().get("span.kind"))
                .containsExactly(names);
    }

    @ParameterizedTest
    @EnumSource
    void c45_highBitsOfFlags_areIgnored(Door door) {
        assertThat(door.export(fixture, Signal.TRACES, traces(span().setFlags(0xFFFFFFFF))))
                .isEqualTo(Answer.SUCCESS);
        assertThat(door.export(fixture, Signal.LOGS, logs(event().setFlags(0xFFFFFFFF))))
                .isEqualTo(Answer.SUCCESS);
        assertThat(fixture.log.events()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void c46_c47_valuesThatAreNoScalars_neverFailTheRequest(Door door) {
        AnyValue nested = AnyValue.newBuilder().setStringValue("bottom").build();
        for (int i = 0; i < 20; i++) {
            nested = AnyValue.newBuilder()
                    .setKvlistValue(KeyValueList.newBuilder()
                            .addValues(KeyValue.newBuilder().setKey("k").setValue(nested)))
                    .build();
        }
        Span.Builder span = span().addAttributes(
                        KeyValue.newBuilder().setKey("map").setValue(nested))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("list")
                        .setValue(AnyValue.newBuilder()
                                .setArrayValue(ArrayValue.newBuilder().addValues(nested))))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("raw")
                        .setValue(AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[3]))))
                .addAttributes(KeyValue.newBuilder().setKey("empty").setValue(AnyValue.getDefaultInstance()))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("strindex")
                        .setValue(AnyValue.newBuilder().setStringValueStrindex(7)))
                .addAttributes(KeyValue.newBuilder()
                        .setKeyStrindex(9)
                        .setValue(AnyValue.newBuilder().setStringValue("x")))
                .addAttributes(attribute("text", "kept"));
        assertThat(door.export(fixture, Signal.TRACES, traces(span))).isEqualTo(Answer.SUCCESS);
        assertThat(fixture.log.onlyRows().series().attributes())
                .containsEntry("text", "kept")
                .doesNotContainKeys("map", "list", "raw", "empty", "strindex");
        assertThat(fixture.metric("adjusted", "attribute_not_scalar")).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void c48_duplicateKeys_theFirstCounts(Door door) {
        door.export(
                fixture,
                Signal.TRACES,
                traces(span().addAttributes(attribute("a", "first")).addAttributes(attribute("a", "second"))));
        assertThat(fixture.log.onlyRows().series().attributes()).containsEntry("a", "first");
    }

    @ParameterizedTest
    @EnumSource
    void c49_logTime_isTheObservedTimeWhenThereIsNoOther(Door door) {
        door.export(
                fixture,
                Signal.LOGS,
                logs(
                        event().setTimeUnixNano(Otlp.nanos(-5)).setObservedTimeUnixNano(Otlp.nanos(-1)),
                        event().clearTimeUnixNano().setObservedTimeUnixNano(Otlp.nanos(-1)),
                        event().clearTimeUnixNano()));
        assertThat(fixture.log.onlyRows().times()).containsExactly(NOW - 5, NOW - 1, NOW);
    }

    @ParameterizedTest
    @EnumSource
    void c50_endBeforeStart_isADurationOfZeroAndCounted(Door door) {
        door.export(fixture, Signal.TRACES, traces(span().setStartTimeUnixNano(Otlp.nanos(-50))));
        assertThat((long[]) fixture.log.onlyRows().columns()[0]).containsExactly(0L);
        assertThat(fixture.metric("adjusted", "duration_negative")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void c51_pointsThatCannotBeMeasured_areRejectedOrLeftOut(Door door) {
        Metric.Builder beyondDoubles = Metric.newBuilder()
                .setName("e")
                .setExponentialHistogram(ExponentialHistogram.newBuilder()
                        .setAggregationTemporalityValue(1)
                        .addDataPoints(ExponentialHistogramDataPoint.newBuilder()
                                .setTimeUnixNano(Otlp.nanos(-1))
                                .setCount(1)
                                .setScale(-10)
                                .setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder()
                                        .setOffset(2_000)
                                        .addBucketCounts(1))));
        Metric.Builder noValue = Metric.newBuilder()
                .setName("n")
                .setGauge(Gauge.newBuilder()
                        .addDataPoints(NumberDataPoint.newBuilder().setFlags(1).setAsDouble(1)));
        Metric.Builder summary = Metric.newBuilder()
                .setName("s")
                .setSummary(Summary.newBuilder().addDataPoints(SummaryDataPoint.getDefaultInstance()));
        Answer answer = door.export(fixture, Signal.METRICS, metrics(beyondDoubles, noValue, summary, gauge("g", 1)));
        assertThat(answer.rejected()).isEqualTo(2);
        assertThat(answer.message()).contains("data point is invalid", "summaries cannot be merged");
        assertThat(fixture.metric("rejected", "no_recorded_value")).isEqualTo(1);
        assertThat(fixture.log.events()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void c52_resourceBehindItsScopes_isTheirs(Door door) {
        byte[] resource = ResourceSpans.newBuilder()
                .setResource(Otlp.resource("late"))
                .build()
                .toByteArray();
        byte[] scopes = ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(span()))
                .build()
                .toByteArray();
        ByteString both = ByteString.copyFrom(scopes).concat(ByteString.copyFrom(resource));
        ByteString protobuf = ByteString.copyFrom(
                        new byte[] {10, (byte) ((both.size() & 0x7F) | 0x80), (byte) (both.size() >> 7)})
                .concat(both);
        String inner = new String(
                OtlpJson.of(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder().addSpans(span()))
                        .build()),
                StandardCharsets.UTF_8);
        String json = "{\"resourceSpans\":[" + inner.substring(0, inner.length() - 1) + ",\"resource\":"
                + new String(OtlpJson.of(Otlp.resource("late")), StandardCharsets.UTF_8) + "}]}";
        byte[] request = door == Door.HTTP_JSON ? json.getBytes(StandardCharsets.UTF_8) : protobuf.toByteArray();
        assertThat(door.export(fixture, Signal.TRACES, request, false)).isEqualTo(Answer.SUCCESS);
        Rows rows = fixture.log.onlyRows();
        assertThat(rows.series().service()).isEqualTo("late");
    }

    private static LogRecord.Builder event() {
        return LogRecord.newBuilder().setEventName("deploy").setTimeUnixNano(Otlp.nanos(-1));
    }

    private static Metric.Builder gauge(String name, double value) {
        return Metric.newBuilder()
                .setName(name)
                .setGauge(Gauge.newBuilder()
                        .addDataPoints(NumberDataPoint.newBuilder()
                                .setTimeUnixNano(Otlp.nanos(-1))
                                .setAsDouble(value)));
    }
}
