// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.load;

import io.conjunct.benchmarks.Results;
import io.conjunct.benchmarks.Workload;
import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.engine.EngineSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What an event costs in the real topology: batches of 5,000 in four partitions of a real broker, the correlator in a
 * process of its own, exactly-once, windows of ten minutes sliding by ten seconds, {@code X AND Y} rules. Only that
 * process's CPU time is counted, after a warm-up. The run fails unless every event was counted exactly once.
 *
 * <p>Arguments: millions of events (110), of them warm-up (60: compilation takes that long on two shared cores).
 */
public final class TopologyLoad {
    static final int PARTITIONS = 4;
    static final int BATCH = 5_000;

    /** Event time moves at 200,000 events per second over all partitions, as in the prototypes. */
    private static final int RATE = 50_000;

    private TopologyLoad() {}

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        long events = (args.length > 0 ? Long.parseLong(args[0]) : 110) * 1_000_000;
        long warmUp = (args.length > 1 ? Long.parseLong(args[1]) : 60) * 1_000_000;
        Path directory = Files.createTempDirectory("conjunct-load");
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"))) {
            Map<String, String> result = run(broker.bootstrap(), directory, events, warmUp);
            String report = report(events, warmUp, result);
            System.out.println(report);
            Results.update(Path.of("benchmarks", "RESULTS.md"), Map.of("Topology, per event", report));
        } finally {
            delete(directory);
        }
    }

    private static Map<String, String> run(String bootstrap, Path directory, long events, long warmUp)
            throws IOException, InterruptedException, ExecutionException {
        List<Workload.Replay> sidecars = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            sidecars.add(new Workload(42 + i, BATCH, 40, RATE).replay());
        }
        long rounds = events / BATCH / PARTITIONS;
        long end = endOfLastPane(rounds);
        Process engine = engine(bootstrap, directory.resolve("state"), events, warmUp, end);
        Map<String, String> result = new LinkedHashMap<>();
        try (BufferedReader lines = engine.inputReader()) {
            String line = lines.readLine();
            if (!"ready".equals(line)) {
                throw new IllegalStateException("the engine did not start: " + line);
            }
            produce(bootstrap, sidecars, rounds, end);
            for (line = lines.readLine(); line != null; line = lines.readLine()) {
                int split = line.indexOf('=');
                result.put(line.substring(0, split), line.substring(split + 1));
            }
        } finally {
            engine.destroy();
        }
        check(result, events);
        return result;
    }

    /** When the pane of the last event ends; all of the run must be within one window. */
    private static long endOfLastPane(long rounds) {
        Workload.Replay probe = new Workload(42, BATCH, 40, RATE).replay();
        probe.next();
        long first = probe.nowMillis();
        long last = first + (rounds - 1) * BATCH * 1_000L / RATE;
        if (last - first > 590_000) {
            throw new IllegalArgumentException("more events than one window of ten minutes holds");
        }
        EngineSettings settings = EngineSettings.of(EngineSettings.DEFAULT_TICK);
        return settings.endOf(settings.paneOf(last));
    }

    private static Process engine(String bootstrap, Path state, long events, long warmUp, long end) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx2g"));
        String options = System.getProperty("engine.options", "");
        if (!options.isEmpty()) {
            command.addAll(List.of(options.split(" ", -1)));
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                EngineProcess.class.getName(),
                bootstrap,
                state.toString(),
                String.valueOf(events),
                String.valueOf(warmUp),
                String.valueOf(end)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void produce(String bootstrap, List<Workload.Replay> sidecars, long rounds, long end)
            throws InterruptedException, ExecutionException {
        Map<String, Object> properties = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4",
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                64L << 20,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                600_000L,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                600_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long round = 0; round < rounds; round++) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    producer.send(new ProducerRecord<>(
                            "conjunct.events",
                            partition,
                            null,
                            sidecars.get(partition).next()));
                }
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                producer.send(new ProducerRecord<>(
                                "conjunct.events",
                                partition,
                                null,
                                sidecars.get(partition).heartbeat(end)))
                        .get();
            }
        }
    }

    private static void check(Map<String, String> result, long events) {
        String all = String.valueOf(events);
        for (String count : List.of("events", "measured", "in windows")) {
            if (!all.equals(result.get(count))) {
                throw new IllegalStateException(
                        count + ": " + result.get(count) + " (expected: " + all + "), " + result);
            }
        }
        for (String count : List.of("duplicate batches", "duplicate partials")) {
            if (!"0".equals(result.get(count))) {
                throw new IllegalStateException(count + ": " + result.get(count) + " (expected: 0)");
            }
        }
    }

    private static String report(long events, long warmUp, Map<String, String> result) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%d M events in batches of %,d, %d partitions, exactly-once; the first %d M are warm-up. "
                        + "CPU time of the engine's process; the broker and the producer share the machine. "
                        + "All events were counted exactly once.%n%n| | |%n|---|---:|%n",
                events / 1_000_000,
                BATCH,
                PARTITIONS,
                warmUp / 1_000_000));
        result.forEach((what, value) ->
                text.append("| ").append(what).append(" | ").append(value).append(" |\n"));
        return text.toString();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
