// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The reference mix as export requests: 60 % cache, 20 % HTTP server, 20 % database spans of 10 to 14 attributes, eight
 * services. A few dozen requests are built once; each {@link #next} copies one of them and moves its times to now and its
 * traces to others, so no two are alike. Thread-safe.
 */
final class SpanMix {
    private static final int TEMPLATES = 64;
    private static final int SERVICES = 8;
    private static final int FIELD_BITS = 3;

    private final List<Template> templates = new ArrayList<>();
    private final int spans;
    private final AtomicLong turn = new AtomicLong();

    /** @param spans of each request */
    SpanMix(long seed, int spans) {
        this.spans = spans;
        for (int i = 0; i < TEMPLATES; i++) {
            Random random = new Random(seed * 1_000 + i);
            templates.add(Template.of(request(random, spans, i % SERVICES)));
        }
    }

    int spans() {
        return spans;
    }

    /** A request whose spans end within the last second. */
    byte[] next(long nowMillis) {
        long number = turn.incrementAndGet();
        return templates.get((int) (number % TEMPLATES)).at(nowMillis * 1_000_000L, number);
    }

    /**
     * A request whose times are relative to zero.
     *
     * @param times where they stand in it
     * @param traces where trace ids stand in it
     */
    private record Template(byte[] bytes, List<Integer> times, List<Integer> traces) {

        static Template of(byte[] bytes) {
            Template template = new Template(bytes, new ArrayList<>(), new ArrayList<>());
            try {
                template.find(CodedInputStream.newInstance(bytes), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return template;
        }

        /** Resource spans, then scope spans, then spans, by their field numbers. */
        private void find(CodedInputStream in, int depth) throws IOException {
            int inner = depth == 0 ? 1 : 2;
            while (!in.isAtEnd()) {
                int tag = in.readTag();
                int field = tag >>> FIELD_BITS;
                if (depth < 3 && field == inner) {
                    int limit = in.pushLimit(in.readRawVarint32());
                    find(in, depth + 1);
                    in.popLimit(limit);
                } else if (depth == 3 && (field == 7 || field == 8)) {
                    times.add(in.getTotalBytesRead());
                    in.skipField(tag);
                } else if (depth == 3 && field == 1) {
                    in.readRawVarint32();
                    traces.add(in.getTotalBytesRead());
                    in.skipRawBytes(16);
                } else {
                    in.skipField(tag);
                }
            }
        }

        byte[] at(long nanos, long number) {
            byte[] copy = bytes.clone();
            ByteBuffer buffer = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
            for (int time : times) {
                buffer.putLong(time, buffer.getLong(time) + nanos);
            }
            for (int trace : traces) {
                buffer.putLong(trace, buffer.getLong(trace) ^ number * 0x9E3779B97F4A7C15L);
            }
            return copy;
        }
    }

    private static byte[] request(Random random, int spans, int service) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        for (int i = 0; i < spans; i++) {
            scope.addSpans(span(random));
        }
        Resource.Builder resource = Resource.newBuilder()
                .addAttributes(text("service.name", "service-" + service))
                .addAttributes(text("service.instance.id", new UUID(random.nextLong(), 7).toString()))
                .addAttributes(text("service.version", "1.4." + service))
                .addAttributes(text("telemetry.sdk.language", "java"))
                .addAttributes(text("telemetry.sdk.name", "opentelemetry"));
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                        ResourceSpans.newBuilder().setResource(resource).addScopeSpans(scope))
                .build()
                .toByteArray();
    }

    private static Span.Builder span(Random random) {
        byte[] trace = new byte[16];
        byte[] id = new byte[8];
        byte[] parent = new byte[8];
        random.nextBytes(trace);
        random.nextBytes(id);
        random.nextBytes(parent);
        long end = -random.nextInt(1_000) * 1_000_000L;
        Span.Builder span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(trace))
                .setSpanId(ByteString.copyFrom(id))
                .setParentSpanId(ByteString.copyFrom(parent))
                .setStartTimeUnixNano(end - (long) Math.exp(13 + random.nextGaussian()))
                .setEndTimeUnixNano(end)
                .setFlags(257);
        int sort = random.nextInt(10);
        if (sort < 6) {
            return cache(span, random);
        }
        return sort < 8 ? server(span, random) : database(span, random);
    }

    private static Span.Builder cache(Span.Builder span, Random random) {
        return span.setName("GET")
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .addAttributes(text("db.system.name", "redis"))
                .addAttributes(text("db.operation.name", "GET"))
                .addAttributes(text("db.query.text", "GET user:" + random.nextInt(1 << 30) + ":profile"))
                .addAttributes(text("db.namespace", "0"))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("cache.hit")
                        .setValue(AnyValue.newBuilder().setBoolValue(random.nextInt(10) > 0)))
                .addAttributes(text("server.address", "redis.internal"))
                .addAttributes(number("server.port", 6_379))
                .addAttributes(text("network.peer.address", "10.0.0." + random.nextInt(255)))
                .addAttributes(number("network.peer.port", 6_379))
                .addAttributes(text("network.transport", "tcp"))
                .addAttributes(number("thread.id", random.nextInt(200)))
                .addAttributes(text("thread.name", "http-nio-8080-exec-" + random.nextInt(200)));
    }

    private static Span.Builder server(Span.Builder span, Random random) {
        return span.setName("GET /api/cart/{id}")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .addAttributes(text("http.request.method", "GET"))
                .addAttributes(text("http.route", "/api/cart/{id}"))
                .addAttributes(number("http.response.status_code", random.nextInt(50) == 0 ? 500 : 200))
                .addAttributes(text("url.scheme", "https"))
                .addAttributes(text("url.path", "/api/cart/" + random.nextInt(1 << 30)))
                .addAttributes(text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"))
                .addAttributes(text("client.address", "192.168.1." + random.nextInt(255)))
                .addAttributes(text("network.peer.address", "192.168.1." + random.nextInt(255)))
                .addAttributes(number("network.peer.port", 30_000 + random.nextInt(30_000)))
                .addAttributes(text("network.protocol.version", "1.1"))
                .addAttributes(text("server.address", "shop.example.com"))
                .addAttributes(number("server.port", 443))
                .addAttributes(number("thread.id", random.nextInt(200)))
                .addAttributes(text("thread.name", "http-nio-8080-exec-" + random.nextInt(200)));
    }

    private static Span.Builder database(Span.Builder span, Random random) {
        return span.setName("SELECT shop.orders")
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .addAttributes(text("db.system.name", "postgresql"))
                .addAttributes(text("db.operation.name", "SELECT"))
                .addAttributes(text("db.namespace", "shop"))
                .addAttributes(text("db.collection.name", "orders"))
                .addAttributes(text("db.query.summary", "SELECT orders"))
                .addAttributes(text(
                        "db.query.text", "SELECT * FROM orders WHERE user_id = $1 AND state = $2 ORDER BY created_at"))
                .addAttributes(text("server.address", "pg.internal"))
                .addAttributes(number("server.port", 5_432))
                .addAttributes(number("thread.id", random.nextInt(200)))
                .addAttributes(text("thread.name", "pool-" + random.nextInt(20)));
    }

    static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static KeyValue number(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }
}
