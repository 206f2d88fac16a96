// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.backtest.Progress;
import io.conjunct.event.Distribution;
import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.event.MalformedBatchException;
import io.conjunct.history.History;
import io.conjunct.history.HistoryWriter;
import io.conjunct.ingest.file.OtlpHistory;
import io.conjunct.ingest.profile.IngestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history made of OTLP JSON lines is what a sidecar would have made of the same requests. */
final class OtlpHistoryTest {
    private static final long START = Instant.parse("2026-03-01T09:00:00Z").toEpochMilli();
    private static final Duration TICK = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private static String resource(String sort, String scopes, String service, String content) {
        return "{\"resource" + sort + "\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
                + "{\"stringValue\":\"" + service + "\"}}]},\"scope" + sort + "\":[{\"scope\":{\"name\":\"lib\"},\""
                + scopes + "\":[" + content + "]}]}]}";
    }

    private static String span(int id, long endMillis, long durationMillis) {
        return "{\"traceId\":\"" + String.format("%032x", id) + "\",\"spanId\":\"" + String.format("%016x", id)
                + "\",\"name\":\"GET /doc\",\"kind\":2,\"startTimeUnixNano\":\"" + (endMillis - durationMillis)
                + "000000\",\"endTimeUnixNano\":\"" + endMillis + "000000\",\"attributes\":[{\"key\":\"http.route\","
                + "\"value\":{\"stringValue\":\"/doc/" + id % 3 + "\"}}]"
                + (id % 7 == 0 ? ",\"status\":{\"code\":2}" : "") + "}";
    }

    private static String spans(int first, int count, long fromMillis) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(span(first + i, fromMillis + 100L * i, 20 + i));
        }
        return resource("Spans", "spans", "read-api", String.join(",", all));
    }

    private static String failure(long millis) {
        return resource(
                "Logs",
                "logRecords",
                "job",
                "{\"timeUnixNano\":\"" + millis + "000000\",\"eventName\":\"run.failed\",\"body\":{}}");
    }

    private static String sum(long millis, int value) {
        return resource(
                "Metrics",
                "metrics",
                "db",
                "{\"name\":\"db.calls\",\"sum\":{\"aggregationTemporality\":2,\"isMonotonic\":true,\"dataPoints\":["
                        + "{\"startTimeUnixNano\":\"" + START + "000000\",\"timeUnixNano\":\"" + millis
                        + "000000\",\"asInt\":\"" + value + "\"}]}}");
    }

    private record Made(OtlpHistory.Summary summary, List<EventBatch> batches, byte[] file) {
        List<String> events() {
            return OtlpHistoryTest.events(
                    batches.stream().flatMap(b -> b.rows().stream()).toList());
        }
    }

    /** One line of text per event, in an order of its own. */
    private static List<String> events(List<Rows> all) {
        List<String> events = new ArrayList<>();
        for (Rows rows : all) {
            for (int i = 0; i < rows.count(); i++) {
                StringBuilder event = new StringBuilder(rows.series() + " at " + rows.times()[i]);
                for (Object column : rows.columns()) {
                    event.append(' ')
                            .append(
                                    column instanceof long[] durations
                                            ? durations[i]
                                            : column instanceof double[] numbers
                                                    ? numbers[i]
                                                    : ((Distribution[]) column)[i]);
                }
                events.add(event.toString());
            }
        }
        return events.stream().sorted().toList();
    }

    private Path write(String name, List<String> lines) throws IOException {
        return Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n");
    }

    private Made convert(Path... files) throws IOException {
        Path to = directory.resolve("out.events");
        OtlpHistory.Summary summary;
        try (HistoryWriter writer = HistoryWriter.create(to, 1)) {
            summary = new OtlpHistory(IngestProfile.keepEverything(), TICK, Duration.ofSeconds(10))
                    .convert(List.of(files), writer, Progress.NONE);
        }
        List<EventBatch> batches = new ArrayList<>();
        History.of(List.of(to)).read((record, position) -> {
            try {
                batches.add(EventBatch.decode(record.bytes()));
            } catch (MalformedBatchException e) {
                throw new IOException(e);
            }
            return true;
        });
        return new Made(summary, batches, Files.readAllBytes(to));
    }

    private static List<String> fiveMinutes() {
        List<String> lines = new ArrayList<>();
        for (int second = 0; second < 300; second++) {
            lines.add(spans(1 + second * 10, 10, START + second * 1_000L));
        }
        return lines;
    }

    @Test
    void lines_becomeTheEventsASidecarMakesOfThem() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int second = 0; second < 60; second++) {
            long at = START + second * 1_000L;
            lines.add(spans(1 + second * 10, 10, at));
            lines.add(sum(at + 950, 3 * second));
            if (second % 20 == 0) {
                lines.add(failure(at + 990));
            }
        }
        List<String> sidecar;
        try (Fixture fixture = new Fixture()) {
            fixture.now = Instant.ofEpochMilli(START + 120_000);
            for (String line : lines) {
                String path = line.contains("resourceSpans")
                        ? "/v1/traces"
                        : line.contains("resourceLogs") ? "/v1/logs" : "/v1/metrics";
                assertThat(fixture.postJson(path, line).statusCode()).isEqualTo(200);
            }
            sidecar = events(fixture.log.rows());
        }
        Made made = convert(write("all.jsonl", lines));
        // The fixture's sidecar started long after the sum did, so its first point is only a baseline there.
        List<String> ours = new ArrayList<>(made.events());
        ours.removeIf(e -> e.contains("db.calls") && e.contains("at " + (START + 950) + " "));
        assertThat(ours).isEqualTo(sidecar);
        assertThat(made.summary().events()).isEqualTo(600 + 60 + 3);
        assertThat(made.summary().notes()).isEmpty();
    }

    @Test
    void claims_followTheTimeOfTheData() throws IOException {
        Made made = convert(write("all.jsonl", fiveMinutes()));
        long last = Long.MIN_VALUE;
        for (EventBatch batch : made.batches()) {
            assertThat(batch.header().claimMillis()).isGreaterThanOrEqualTo(last);
            for (Rows rows : batch.rows()) {
                for (long time : rows.times()) {
                    assertThat(time).isGreaterThanOrEqualTo(Math.max(last, START));
                }
            }
            last = batch.header().claimMillis();
        }
        assertThat(last).isEqualTo(START + 299_900 + 1);
    }

    @Test
    void files_inAnyOrderAndCompressed_areTheSameHistory() throws IOException {
        List<String> lines = fiveMinutes();
        Made whole = convert(write("whole.jsonl", lines));
        Path first = write("1.jsonl", lines.subList(0, 100));
        Path second = directory.resolve("2.jsonl.gz");
        Files.write(
                second, Fixture.gzip(String.join("\n", lines.subList(100, 300)).getBytes("UTF-8")));
        assertThat(convert(second, first).file()).isEqualTo(whole.file());
        List<String> even = new ArrayList<>();
        List<String> odd = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            (i % 2 == 0 ? even : odd).add(lines.get(i));
        }
        assertThat(convert(write("odd.jsonl", odd), write("even.jsonl", even)).file())
                .isEqualTo(whole.file());
    }

    @Test
    void wrongClocks_doNotMoveTime() throws IOException {
        List<String> lines = fiveMinutes();
        Random random = new Random(8);
        int wrong = 0;
        for (int i = 5; i < lines.size(); i += 20 + random.nextInt(20)) {
            lines.set(
                    i,
                    lines.get(i)
                            .replaceFirst(
                                    "\"endTimeUnixNano\":\"\\d+\"", "\"endTimeUnixNano\":\"4102444800000000000\""));
            wrong++;
        }
        Made made = convert(write("all.jsonl", lines));
        long latest = made.batches().stream()
                .mapToLong(b -> b.header().claimMillis())
                .max()
                .orElseThrow();
        assertThat(latest).isLessThan(START + 310_000);
        assertThat(made.summary().events()).isEqualTo(3_000);
        assertThat(made.summary().notes()).singleElement().asString().startsWith(wrong + " records had a time ahead");
    }

    @Test
    void gapInTheData_isPromisedBeforeWhatFollows() throws IOException {
        List<String> lines = new ArrayList<>(fiveMinutes().subList(0, 60));
        lines.add(spans(50_000, 10, START + 7 * 3_600_000));
        Made made = convert(write("all.jsonl", lines));
        EventBatch before = made.batches().get(made.batches().size() - 2);
        assertThat(before.header().claimMillis()).isGreaterThan(START + 6 * 3_600_000);
        assertThat(made.batches().get(made.batches().size() - 1).events()).isEqualTo(10);
    }

    @Test
    void damage_isCountedWithItsFirstPlace() throws IOException {
        List<String> lines = fiveMinutes();
        lines.set(7, lines.get(7).substring(0, 200));
        lines.add("");
        lines.add("{\"resourceSp");
        Path file = write("cut.jsonl", lines);
        Made made = convert(file);
        assertThat(made.summary().events()).isEqualTo(2_990);
        assertThat(made.summary().notes())
                .singleElement()
                .asString()
                .startsWith("2 lines could not be read, the first: " + file + ":8: ");
        byte[] gzip = Fixture.gzip(Files.readAllBytes(file));
        Path torn = Files.write(directory.resolve("torn.gz"), Arrays.copyOf(gzip, gzip.length / 2));
        assertThat(convert(torn).summary().notes()).anyMatch(n -> n.contains("cut off or damaged after line"));
    }

    @Test
    void fileWithoutEvents_isRefused() throws IOException {
        Path file = write("empty.jsonl", List.of("{}", "{\"resourceSpans\":[]}"));
        assertThat(OtlpHistory.isOtlp(file)).isTrue();
        assertThatThrownBy(() -> convert(file)).isInstanceOf(IOException.class).hasMessageContaining("no event in");
    }
}
