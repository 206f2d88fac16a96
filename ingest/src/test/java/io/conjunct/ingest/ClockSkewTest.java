// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.engine.Decisions;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.LocalEngine;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.event.MalformedBatchException;
import io.conjunct.ingest.otlp.Signal;
import io.conjunct.rule.RuleSource;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fault E3, through sockets and the engine: the wrong clock of one source moves nobody's window, and is told. */
class ClockSkewTest {
    private static final int STEPS = 12;
    private static final String RULES = """
            groups:
            - name: shop
              owner: team
              signals:
                healthy: {measure: count, of: span, where: {service.name: healthy}, over: 20s}
                slow:    {measure: max(duration), of: span, where: {service.name: healthy}, over: 20s, min_samples: 1}
              rules:
              - {alert: A, when: healthy > 3 AND slow > 20ms, for: 20s, tier: ticket, annotations: {summary: s}}
            """;

    @ParameterizedTest
    @CsvSource({
        "2332800000, time_not_possible",
        "-28800000, time_long_ago",
        "epoch, time_not_possible",
        "negative, time_not_possible",
        "2262, time_not_possible",
        "1700000000, time_not_possible"
    })
    void sourceWithAWrongClock_movesNoWindow_andIsCounted(String clock, String reason) {
        Told alone = tell(Optional.empty());
        assertThat(alone.story).anyMatch(line -> line.contains("firing")).hasSizeGreaterThan(STEPS / 2);
        Told beside = tell(Optional.of(clock));
        assertThat(beside.story).isEqualTo(alone.story);
        assertThat(beside.counted(reason)).isEqualTo(STEPS * 5);
        assertThat(alone.counted(reason)).isZero();
    }

    @Test
    void sourceWithItsClockALittleOff_isNobodysBusiness() {
        Told beside = tell(Optional.of("2000"));
        assertThat(beside.counted("time_not_possible") + beside.counted("time_long_ago"))
                .isZero();
    }

    /** What the engine decided about the healthy source, and what the sidecar counted of the other one. */
    private record Told(List<String> story, double impossible, double longAgo) {
        double counted(String reason) {
            return reason.equals("time_long_ago") ? longAgo : impossible;
        }
    }

    private static Told tell(Optional<String> wrongClock) {
        List<String> story = new ArrayList<>();
        try (Fixture fixture = new Fixture()) {
            for (int step = 0; step < STEPS; step++) {
                fixture.now = Fixture.NOW.plusSeconds(10L * step);
                long end = fixture.now.minusMillis(100).toEpochMilli() * 1_000_000;
                if (wrongClock.isPresent()) {
                    send(fixture, "odd", wrong(wrongClock.get(), fixture.now));
                }
                send(fixture, "healthy", end);
                if (wrongClock.isPresent()) {
                    assertThat(fixture.log.events()).isEqualTo(10 * (step + 1));
                } else {
                    assertThat(fixture.log.events()).isEqualTo(5 * (step + 1));
                }
            }
            replay(fixture.log.encoded(), story);
            return new Told(
                    story,
                    fixture.metric("clock", "odd", "time_not_possible"),
                    fixture.metric("clock", "odd", "time_long_ago"));
        }
    }

    private static long wrong(String clock, Instant now) {
        return switch (clock) {
            case "epoch" -> 0;
            case "negative" -> -5;
            case "2262" -> Long.MIN_VALUE + 7;
            default -> now.plus(Duration.ofMillis(Long.parseLong(clock))).toEpochMilli() * 1_000_000;
        };
    }

    private static void send(Fixture fixture, String service, long endNanos) {
        ScopeSpans.Builder spans = ScopeSpans.newBuilder();
        for (int i = 0; i < 5; i++) {
            Span.Builder span = span().setEndTimeUnixNano(endNanos).setStartTimeUnixNano(endNanos - 30_000_000);
            spans.addSpans(span);
        }
        ExportTraceServiceRequest request = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Otlp.resource(service))
                        .addScopeSpans(spans))
                .build();
        assertThat(Door.HTTP_PROTOBUF.export(fixture, Signal.TRACES, request).status())
                .isEqualTo(200);
    }

    private static void replay(List<byte[]> batches, List<String> story) {
        LocalEngine engine = new LocalEngine(
                EngineSettings.of(Duration.ofSeconds(10)), RuleUpdate.Compiler.YAML, 1, 1, new Decisions() {
                    @Override
                    public void alert(Alert alert) {
                        story.add(alert.atMillis() + " " + alert.name() + " "
                                + alert.state().word());
                    }

                    @Override
                    public void tick(GroupTick tick) {
                        story.add(tick.atMillis() + " " + tick.samples());
                    }
                });
        engine.rules(new RuleUpdate("r1", Fixture.NOW.toEpochMilli(), List.of(new RuleSource("rules.yaml", RULES))));
        for (byte[] batch : batches) {
            try {
                engine.batch(0, batch);
            } catch (MalformedBatchException e) {
                throw new AssertionError(e);
            }
        }
    }
}
