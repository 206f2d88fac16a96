// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.conjunct.alert.Tier;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatchBuilder;
import io.conjunct.event.Kind;
import io.conjunct.event.Series;
import io.conjunct.rule.Condition;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Expression;
import io.conjunct.rule.Expression.Reference;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Outcome;
import io.conjunct.signal.Selector;
import io.conjunct.signal.Signal;
import io.conjunct.signal.Signal.OnMissing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What every benchmark of the engine is fed with: spans of 1,000 series (50 services, 5 dependencies, 2 regions, ok and
 * error) whose popularity follows Zipf's law, log-normal durations around 20 ms, times up to 500 ms out of order; and ten rule groups of five services each with a p99, an error ratio and a p95 of one
 * dependency over ten minutes, joined to {@code X AND Y}.
 *
 * <p>Every event is counted by two feeds and one in five by three. The same seed gives the same bytes.
 */
public final class Workload {
    public static final int GROUPS = 10;
    /** Events per second of event time, unless said otherwise. */
    public static final int EVENTS_PER_SECOND = 200_000;

    private static final long START = 1_700_000_000_000L;
    private static final int DISORDER_MILLIS = 500;
    private static final int SERVICES = 50;
    private static final List<String> DEPENDENCIES = List.of("none", "redis", "postgresql", "http", "kafka");
    private static final List<String> REGIONS = List.of("eu-west", "us-east");

    private final List<byte[]> rows = new ArrayList<>();
    private final List<Header> headers = new ArrayList<>();
    private final List<Long> bases = new ArrayList<>();
    private final int eventsPerBatch;
    private final long spanMillis;

    /** Makes up {@code batches} batches of one sidecar; {@link #replay} repeats them without end. */
    public Workload(long seed, int eventsPerBatch, int batches) {
        this(seed, eventsPerBatch, batches, EVENTS_PER_SECOND);
    }

    /** The same at another rate of event time. */
    public Workload(long seed, int eventsPerBatch, int batches, int eventsPerSecond) {
        this(seed, eventsPerBatch, batches, eventsPerSecond, false);
    }

    /** The same where each batch is what one service exported at once: only its own series. */
    public static Workload ofExports(long seed, int eventsPerBatch, int batches, int eventsPerSecond) {
        return new Workload(seed, eventsPerBatch, batches, eventsPerSecond, true);
    }

    private Workload(long seed, int eventsPerBatch, int batches, int eventsPerSecond, boolean oneService) {
        this.eventsPerBatch = eventsPerBatch;
        long batchMillis = Math.max(1, eventsPerBatch * 1_000L / eventsPerSecond);
        this.spanMillis = batches * batchMillis;
        SplittableRandom random = new SplittableRandom(seed);
        List<Series> series = series();
        int own = oneService ? series.size() / SERVICES : series.size();
        double[] popularity = zipf(own);
        EventBatchBuilder builder = new EventBatchBuilder(EngineSettings.DEFAULT_TICK.toMillis());
        for (int i = 0; i < batches; i++) {
            long from = START + i * batchMillis;
            for (int j = 0; j < eventsPerBatch; j++) {
                int choice = pick(popularity, random.nextDouble());
                Series picked = series.get(oneService ? choice * SERVICES + i % SERVICES : choice);
                long time = from + random.nextLong(batchMillis) - random.nextInt(DISORDER_MILLIS);
                builder.addSpan(builder.series(picked), time, (long) (20e6 * Math.exp(gaussian(random))));
            }
            long to = from + batchMillis;
            add(builder.build(new Header("sidecar-" + seed, 1, i + 1, to - DISORDER_MILLIS, to, false)));
        }
    }

    private void add(EventBatch batch) {
        try {
            byte[] encoded = batch.encode();
            CodedInputStream in = CodedInputStream.newInstance(encoded);
            long base = 0;
            while (true) {
                int from = in.getTotalBytesRead();
                int tag = in.readTag();
                int field = WireFormat.getTagFieldNumber(tag);
                if (field == 8) {
                    base = in.readSInt64();
                } else if (field == 10 || tag == 0) {
                    byte[] rest = new byte[encoded.length - from];
                    System.arraycopy(encoded, from, rest, 0, rest.length);
                    rows.add(rest);
                    headers.add(batch.header());
                    bases.add(base);
                    return;
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double gaussian(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static List<Series> series() {
        List<Series> all = new ArrayList<>();
        // Neighbours in popularity differ in service, so that every rule group has popular and rare series.
        for (String status : List.of("ok", "error")) {
            for (String dependency : DEPENDENCIES) {
                for (String region : REGIONS) {
                    for (int service = 0; service < SERVICES; service++) {
                        all.add(Series.span(
                                service(service),
                                "GET /api/v1/orders",
                                Map.of(
                                        Series.STATUS,
                                        status,
                                        "db.system",
                                        dependency,
                                        "cloud.region",
                                        region,
                                        Series.SPAN_KIND,
                                        "server")));
                    }
                }
            }
        }
        return all;
    }

    private static String service(int number) {
        return "service-" + number;
    }

    private static double[] zipf(int n) {
        double[] cumulative = new double[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += 1.0 / (i + 1);
            cumulative[i] = sum;
        }
        for (int i = 0; i < n; i++) {
            cumulative[i] /= sum;
        }
        return cumulative;
    }

    private static int pick(double[] cumulative, double u) {
        int low = 0;
        int high = cumulative.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cumulative[middle] < u) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    public int eventsPerBatch() {
        return eventsPerBatch;
    }

    /** Mean length of an encoded event. */
    public double bytesPerEvent() {
        return rows.stream().mapToLong(r -> r.length).sum() / (double) (rows.size() * (long) eventsPerBatch);
    }

    /** Starts from the beginning; after the last batch the first comes again, later by the span of all. */
    public Replay replay() {
        return new Replay();
    }

    /** An endless recording: the rows stay, sequence and times move on. */
    public final class Replay {
        private long next;

        private Replay() {}

        /** Length of all headers; spans differ by less. */
        private static final int HEADER_BYTES = 128;

        private final byte[] header = new byte[HEADER_BYTES];

        /** The sidecar's clock when it sent the last batch: no event is younger. */
        public long nowMillis() {
            long last = next - 1;
            return headers.get((int) (last % rows.size())).receivedMillis() + last / rows.size() * spanMillis;
        }

        /** Says that time has come to {@code millis} and no event before will follow. */
        public byte[] heartbeat(long millis) {
            next++;
            String sidecar = headers.get(0).sidecar();
            return EventBatch.heartbeat(new Header(sidecar, 1, next, millis, millis, false))
                    .encode();
        }

        /** The next encoded batch. */
        public byte[] next() {
            int i = (int) (next % rows.size());
            long shift = next / rows.size() * spanMillis;
            next++;
            try {
                CodedOutputStream out = CodedOutputStream.newInstance(header);
                Header h = headers.get(i);
                out.writeUInt32(1, EventBatch.VERSION);
                out.writeString(2, h.sidecar());
                out.writeUInt64(3, h.epoch());
                out.writeUInt64(4, next);
                out.writeSInt64(5, h.claimMillis() + shift);
                out.writeSInt64(6, h.receivedMillis() + shift);
                out.writeSInt64(8, bases.get(i) + shift);
                out.writeUInt32(9, eventsPerBatch);
                int length = HEADER_BYTES - out.spaceLeft();
                byte[] body = rows.get(i);
                byte[] batch = new byte[length + body.length];
                System.arraycopy(header, 0, batch, 0, length);
                System.arraycopy(body, 0, batch, length, body.length);
                return batch;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The rules in force from the first event on. */
    public static RuleUpdate update() {
        return new RuleUpdate("benchmark", START - DISORDER_MILLIS - 60_000, List.of());
    }

    /** The ten rule groups; to be used as the engine's compiler. */
    public static RuleSet rules(RuleUpdate update) {
        return new RuleSet(
                update.revision(),
                IntStream.range(0, GROUPS).mapToObj(Workload::group).toList());
    }

    private static RuleGroup group(int number) {
        int perGroup = SERVICES / GROUPS;
        List<String> services = IntStream.range(number * perGroup, (number + 1) * perGroup)
                .mapToObj(Workload::service)
                .toList();
        Matcher ours = new Matcher(Series.SERVICE_NAME, false, services, "");
        Signal latency = signal("latency", Measure.quantile(0.99, "duration"), List.of(ours), Series.SERVICE_NAME);
        Signal errors = signal(
                "errors",
                Measure.ratio(new Outcome.Attribute("status = \"error\"", Matcher.is(Series.STATUS, "error"))),
                List.of(ours),
                Series.SERVICE_NAME);
        Signal cache = signal(
                "cache",
                Measure.quantile(0.95, "duration"),
                List.of(ours, Matcher.is("db.system", "redis")),
                "cloud.region");
        Condition when = new Condition.And(List.of(
                above("latency > 250ms", latency, 0.25, Signal.SECONDS),
                above("errors > 5%", errors, 0.05, Signal.RATIO)));
        Rule rule = new Rule(
                "SlowAndFailing",
                when,
                Optional.empty(),
                List.of(Series.SERVICE_NAME),
                Duration.ZERO,
                Duration.ofSeconds(30),
                0,
                Duration.ofSeconds(30),
                Rule.DEFAULT_STALE_AFTER,
                Tier.PAGE,
                "",
                new TreeMap<>(),
                new TreeMap<>(),
                false);
        return new RuleGroup("group-" + number, "benchmarks", List.of(latency, errors, cache), List.of(rule));
    }

    private static Comparison above(String text, Signal signal, double threshold, String unit) {
        return new Comparison(text, new Reference(signal), Comparator.GREATER, new Expression.Number(threshold, unit));
    }

    private static Signal signal(String name, Measure measure, List<Matcher> where, String by) {
        boolean ratio = measure.type() == Measure.Type.RATIO;
        return new Signal(
                name,
                measure,
                new Selector(Kind.SPAN, "", where),
                Duration.ofMinutes(10),
                List.of(by),
                ratio ? Signal.RATIO : Signal.SECONDS,
                ratio ? 1 : 1e-9,
                measure.defaultMinSamples(),
                new OnMissing.Unknown(),
                false);
    }
}
