// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.conjunct.ingest.otlp.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Fault F1: what real exporters send, damaged byte by byte and field by field, through real sockets. What the generated
 * messages can read has to be accepted, everything else is bad data; nothing is a crash, a hang or a request to come back.
 * {@code -Pfuzz} runs it for 60 seconds, {@code -Pfuzz -Dfuzz.seconds=1800} for half an hour; a failure tells its seed.
 */
class OtlpFuzzTest {
    private static final int LIMIT = 1024 * 1024;
    private static final int CLIENTS = 12;
    private static final long[] EXTREMES = {
        0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 63 - 1, 1L << 31, -(1L << 31)
    };
    private static final double[] DOUBLES = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE, -0.0, 1e308
    };

    private final Map<Signal, List<byte[]>> captures = SdkCaptures.record();

    @Test
    void mutatedCaptures_getTheRightStatus() {
        fuzz(1, System.nanoTime() + 3_000_000_000L);
    }

    @Test
    @Tag("fuzz")
    void mutatedCaptures_getTheRightStatus_forAsLongAsAsked() {
        long seconds = Long.getLong("fuzz.seconds", 60);
        fuzz(System.currentTimeMillis(), System.nanoTime() + seconds * 1_000_000_000L);
    }

    @Test
    void deepNesting_isAcceptedOrBadData() {
        try (Fixture fixture = new Fixture()) {
            byte[] deep = {};
            for (int i = 0; i < 10_000; i++) {
                // AnyValue.array_value.values, around what is there.
                deep = wrapped(0x2A, wrapped(0x0A, deep));
                if (deep.length > LIMIT / 2) {
                    break;
                }
            }
            byte[] attribute = concat(wrapped(0x0A, "a".getBytes(StandardCharsets.UTF_8)), wrapped(0x12, deep));
            byte[] span = wrapped(0x12, wrapped(0x12, wrapped(0x4A, attribute)));
            assertThat(Door.HTTP_PROTOBUF
                            .export(fixture, Signal.TRACES, wrapped(0x0A, span), false)
                            .status())
                    .isEqualTo(200);
            for (String open : new String[] {"[", "{\"a\":"}) {
                String json = "{\"resourceSpans\":" + open.repeat(10_000);
                assertThat(Door.HTTP_JSON
                                .export(fixture, Signal.TRACES, json.getBytes(StandardCharsets.UTF_8), false)
                                .status())
                        .isEqualTo(400);
            }
        }
    }

    @Test
    void millionAttributes_areReadInTime() {
        SidecarSettings roomy =
                Fixture.settings().withLimits(java.time.Duration.ofSeconds(10), 32 << 20, 4 << 20, 8 << 20);
        try (Fixture fixture = new Fixture(roomy)) {
            byte[] attribute = wrapped(0x4A, wrapped(0x0A, "k".getBytes(StandardCharsets.UTF_8)));
            byte[] attributes = new byte[attribute.length * 1_000_000];
            for (int i = 0; i < 1_000_000; i++) {
                System.arraycopy(attribute, 0, attributes, i * attribute.length, attribute.length);
            }
            byte[] request = wrapped(0x0A, wrapped(0x12, wrapped(0x12, attributes)));
            assertThat(Door.HTTP_PROTOBUF.export(fixture, Signal.TRACES, request, false))
                    .extracting(Door.Answer::status, Door.Answer::rejected)
                    .containsExactly(200, 1L);
        }
    }

    /** Some clients at once, so that they share the syncs of the disk; each repeats its cases for the same seed. */
    private void fuzz(long seed, long untilNanos) {
        Map<String, Integer> statuses = new ConcurrentHashMap<>();
        try (Fixture fixture = new Fixture()) {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
            for (int client = 0; client < CLIENTS; client++) {
                long own = seed + client;
                clients.add(CompletableFuture.runAsync(() -> fuzz(fixture, own, untilNanos, statuses), threads));
            }
            clients.forEach(CompletableFuture::join);
            threads.shutdown();
            assertThat(fixture.metric("requests", "unavailable")).isZero();
        }
        System.out.println("fuzz: seed " + seed + ", " + new TreeMap<>(statuses));
        assertThat(statuses.keySet()).contains("HTTP_PROTOBUF 200", "HTTP_PROTOBUF 400", "HTTP_JSON 400");
    }

    private void fuzz(Fixture fixture, long seed, long untilNanos, Map<String, Integer> statuses) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 1; System.nanoTime() < untilNanos; i++) {
            Signal signal = Signal.values()[random.nextInt(3)];
            List<byte[]> seeds = requireNonNull(captures.get(signal));
            byte[] body = seeds.get(random.nextInt(seeds.size()));
            Door door = i % 64 == 0 ? Door.GRPC : random.nextBoolean() ? Door.HTTP_PROTOBUF : Door.HTTP_JSON;
            Message message = random.nextInt(3) == 0 ? fieldwise(parse(signal, body), random) : parse(signal, body);
            byte[] plain = door == Door.HTTP_JSON ? OtlpJson.of(message) : message.toByteArray();
            boolean damage = random.nextInt(3) != 0;
            byte[] request = damage ? damaged(plain, seeds, random) : plain;
            if (request.length > LIMIT / 4) {
                continue;
            }
            int status = door.export(fixture, signal, request, random.nextInt(8) == 0)
                    .status();
            boolean readable = door == Door.HTTP_JSON ? !damage : isReadable(signal, request);
            assertThat(status)
                    .as(
                            "seed %d, case %d, %s %s: %s",
                            seed, i, door, signal, HexFormat.of().formatHex(request))
                    .isIn(readable ? List.of(200) : List.of(200, 400));
            statuses.merge(door + " " + status, 1, Integer::sum);
        }
    }

    private static Message parse(Signal signal, byte[] body) {
        try {
            return switch (signal) {
                case TRACES -> ExportTraceServiceRequest.parseFrom(body);
                case LOGS -> ExportLogsServiceRequest.parseFrom(body);
                case METRICS -> ExportMetricsServiceRequest.parseFrom(body);
            };
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isReadable(Signal signal, byte[] body) {
        try {
            parse(signal, body);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    /** Changes some fields at random places to values that nobody expects. */
    private static Message fieldwise(Message message, SplittableRandom random) {
        Message.Builder builder = message.toBuilder();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            boolean hit = random.nextInt(12) == 0;
            if (field.isRepeated()) {
                for (int i = 0; i < builder.getRepeatedFieldCount(field); i++) {
                    Object each = builder.getRepeatedField(field, i);
                    builder.setRepeatedField(
                            field,
                            i,
                            each instanceof Message inner ? fieldwise(inner, random) : strange(field, each, random));
                }
            } else if (message.hasField(field)) {
                Object each = message.getField(field);
                builder.setField(
                        field, each instanceof Message inner ? fieldwise(inner, random) : strange(field, each, random));
            } else if (hit && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                builder.setField(field, strange(field, field.getDefaultValue(), random));
            } else if (hit && field.getMessageType().equals(AnyValue.getDescriptor())) {
                builder.setField(field, nested(random.nextInt(60)));
            }
        }
        return builder.build();
    }

    private static Object strange(FieldDescriptor field, Object value, SplittableRandom random) {
        if (random.nextInt(6) != 0) {
            return value;
        }
        return switch (field.getJavaType()) {
            case INT -> (int) EXTREMES[random.nextInt(EXTREMES.length)];
            case LONG -> EXTREMES[random.nextInt(EXTREMES.length)];
            case DOUBLE -> DOUBLES[random.nextInt(DOUBLES.length)];
            case FLOAT -> Float.NaN;
            case BOOLEAN -> random.nextBoolean();
            case STRING -> strangeText(random);
            case BYTE_STRING -> ByteString.copyFrom(new byte[random.nextInt(40)]);
            case ENUM -> value;
            case MESSAGE -> value;
        };
    }

    private static String strangeText(SplittableRandom random) {
        String[] texts = {"", "\0", "x".repeat(5_000), "\uD83D\uDE00".repeat(300), "service.name", "\u202E", "{id}"};
        return texts[random.nextInt(texts.length)];
    }

    private static AnyValue nested(int depth) {
        AnyValue value = AnyValue.getDefaultInstance();
        for (int i = 0; i < Math.min(depth, 20); i++) {
            value = AnyValue.newBuilder()
                    .setArrayValue(ArrayValue.newBuilder().addValues(value))
                    .build();
        }
        return value;
    }

    private static byte[] damaged(byte[] plain, List<byte[]> others, SplittableRandom random) {
        byte[] bytes = plain.clone();
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = concat(Arrays.copyOf(bytes, at), bytes);
                case 4 -> {
                    byte[] other = others.get(random.nextInt(others.size()));
                    int from = random.nextInt(other.length);
                    bytes = concat(Arrays.copyOf(bytes, at), Arrays.copyOfRange(other, from, other.length));
                }
                default -> {
                    byte[] lie = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};
                    System.arraycopy(lie, 0, bytes, at, Math.min(lie.length, bytes.length - at));
                }
            }
        }
        return bytes;
    }

    private static byte[] wrapped(int tag, byte[] content) {
        List<Byte> head = new ArrayList<>();
        head.add((byte) tag);
        int length = content.length;
        while (length > 0x7F) {
            head.add((byte) (length & 0x7F | 0x80));
            length >>>= 7;
        }
        head.add((byte) length);
        byte[] all = new byte[head.size() + content.length];
        for (int i = 0; i < head.size(); i++) {
            all[i] = head.get(i);
        }
        System.arraycopy(content, 0, all, head.size(), content.length);
        return all;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }
}
