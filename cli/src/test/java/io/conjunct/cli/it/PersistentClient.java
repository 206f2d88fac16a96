// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.conjunct.event.EventBatch.Rows;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client that sends 100 reads a second over OTLP/HTTP, each again until it is acknowledged, through any restart of the
 * other side. A read is a server span {@code GET /doc} and a client span {@code RedisGET}. Every read has a number, which
 * travels as the last nanoseconds of both durations, so that reads can be told apart in {@code conjunct.events}.
 */
final class PersistentClient implements AutoCloseable {
    private static final int PER_ROUND = 10;
    private static final long NUMBERS = 1_000_000;
    private static final Duration AGAIN = Duration.ofMillis(300);

    private final Random ids = new Random(7);
    private final URI endpoint;
    private final Resource resource;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ScheduledExecutorService senders = Executors.newScheduledThreadPool(8);
    private final Requests rounds;
    private final AtomicLong made = new AtomicLong();
    private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private volatile long readMillis = 20;

    private PersistentClient(URI endpoint, String service) {
        this.endpoint = endpoint;
        resource = Resource.newBuilder()
                .addAttributes(attribute(
                        "service.name",
                        AnyValue.newBuilder().setStringValue(service).build()))
                .build();
        rounds = Requests.start(1, this::round);
    }

    static PersistentClient start(ConjunctProcess conjunct, String service) {
        return new PersistentClient(conjunct.otlpHttp("/v1/traces"), service);
    }

    /** How long a read takes from now on: 400 ms, or 20 ms. */
    void slow(boolean now) {
        readMillis = now ? 400 : 20;
    }

    /** How many reads were acknowledged until now. */
    int acknowledged() {
        return acknowledged.size();
    }

    /** Waits until nothing that was made up to now is unacknowledged. */
    void awaitAcknowledged() {
        long until = made.get();
        await().atMost(ConjunctProcess.PATIENCE).until(() -> {
            for (long number = 1; number <= until; number++) {
                if (!acknowledged.contains(number)) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Ends the traffic and waits until all of it is acknowledged. Returns the number of reads. */
    long finish() {
        rounds.close();
        awaitAcknowledged();
        assertThat(surprises).isEmpty();
        return made.get();
    }

    /** The numbers of all reads of which the log has a span of this name. */
    static Set<Long> numbers(List<Rows> rows, String name) {
        Set<Long> numbers = new TreeSet<>();
        for (Rows each : rows) {
            if (each.series().name().equals(name)) {
                for (long nanos : (long[]) each.columns()[each.series().indexOfField("duration")]) {
                    numbers.add(nanos % NUMBERS);
                }
            }
        }
        return numbers;
    }

    private void round() {
        long end = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        ScopeSpans.Builder spans = ScopeSpans.newBuilder();
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < PER_ROUND; i++) {
            long number = made.get() + i + 1;
            numbers.add(number);
            long begin = end - TimeUnit.MILLISECONDS.toNanos(readMillis) - number;
            ByteString trace = id(16);
            spans.addSpans(span("GET /doc", SpanKind.SPAN_KIND_SERVER, trace, begin, end));
            spans.addSpans(span("RedisGET", SpanKind.SPAN_KIND_CLIENT, trace, begin, end)
                    .addAttributes(attribute(
                            "cache.hit",
                            AnyValue.newBuilder().setBoolValue(number % 20 != 0).build())));
        }
        made.addAndGet(PER_ROUND);
        byte[] body = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                        ResourceSpans.newBuilder().setResource(resource).addScopeSpans(spans))
                .build()
                .toByteArray();
        senders.execute(() -> send(body, numbers));
    }

    private void send(byte[] body, List<Long> numbers) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(endpoint)
                            .timeout(Duration.ofSeconds(10))
                            .header("Content-Type", "application/x-protobuf")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                acknowledged.addAll(numbers);
                return;
            }
            if (response.statusCode() != 503) {
                surprises.add("status " + response.statusCode() + ": " + response.body());
            }
        } catch (IOException e) {
            // It is down, or went down before it answered: neither is an acknowledgement.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        var unused = senders.schedule(() -> send(body, numbers), AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Span.Builder span(String name, SpanKind kind, ByteString trace, long begin, long end) {
        return Span.newBuilder()
                .setTraceId(trace)
                .setSpanId(id(8))
                .setName(name)
                .setKind(kind)
                .setStartTimeUnixNano(begin)
                .setEndTimeUnixNano(end);
    }

    private ByteString id(int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            bytes.putLong(ids.nextLong() | 1);
        }
        return ByteString.copyFrom(bytes.array());
    }

    private static KeyValue attribute(String key, AnyValue value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    @Override
    public void close() {
        rounds.close();
        senders.shutdownNow();
    }
}
