// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import com.google.protobuf.InvalidProtocolBufferException;
import io.conjunct.benchmarks.Results;
import io.conjunct.event.MalformedBatchException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * What is lost of what was accepted: while a broker is away, and when the process is killed under load. The sidecar, and
 * where it was built the OpenTelemetry Collector as it comes and with its queue on disk, at the same time, at the same rate,
 * at the same broker. Fails when the sidecar lost a span or has one twice.
 *
 * <p>Arguments: minutes without a broker (10), spans per second of each (5000).
 */
public final class LossRun {
    private static final int SPANS = 512;
    private static final int CONNECTIONS = 4;
    private static final int SECONDS_BEFORE = 30;
    private static final int SECONDS_UNTIL_KILL = 15;

    /** The Collector tries again after at most thirty seconds. */
    private static final int QUIET_SECONDS = 40;

    private final int minutes;
    private final double rate;
    private final BrokerProcess broker;
    private final Path directory;

    private LossRun(int minutes, double rate, BrokerProcess broker, Path directory) {
        this.minutes = minutes;
        this.rate = rate;
        this.broker = broker;
        this.directory = directory;
    }

    public static void main(String[] args)
            throws IOException, InterruptedException, ExecutionException, MalformedBatchException {
        int minutes = args.length > 0 ? Integer.parseInt(args[0]) : 10;
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 5_000;
        List<Subject> subjects = new ArrayList<>(List.of(new Subject("Conjunct", BrokerProcess.EVENTS, false)));
        if (CollectorProcess.isBuilt()) {
            subjects.add(new Subject("OpenTelemetry Collector", "collector", false));
            subjects.add(new Subject("OpenTelemetry Collector, queue on disk", "collector_disk", true));
        }
        try (Scratch scratch = Scratch.create("loss");
                BrokerProcess broker = BrokerProcess.start(
                        scratch.directory().resolve("broker"),
                        subjects.stream().map(Subject::topic).toArray(String[]::new))) {
            String text = new LossRun(minutes, rate, broker, scratch.directory()).run(subjects);
            System.out.println(text);
            String title = String.format(
                    Locale.ROOT, "Sidecar: lost of what was accepted, broker away for %d minutes", minutes);
            Results.update(Path.of("benchmarks", "RESULTS.md"), Map.of(title, text));
        }
    }

    /** @param onDisk of a Collector, whether its queue is */
    private record Subject(String name, String topic, boolean onDisk) {
        boolean isOurs() {
            return topic.equals(BrokerProcess.EVENTS);
        }
    }

    private interface Action {
        void run() throws IOException, InterruptedException;
    }

    /**
     * A process, whoever it is.
     *
     * @param awaitDelivered waits until all that it will ever write is in Kafka
     */
    private record Running(Load load, Watched watched, Action kill, Action awaitDelivered, Action close) {}

    private String run(List<Subject> subjects)
            throws IOException, InterruptedException, ExecutionException, MalformedBatchException {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%,.0f spans per second of the reference mix to each of them at the same time, one broker.%n%n| | accepted |"
                        + " refused | lost in the outage | twice | RSS at the most, MiB | accepted until kill -9 | lost then |%n"
                        + "|---|---:|---:|---:|---:|---:|---:|---:|%n",
                rate));
        List<Running> running = new ArrayList<>();
        try {
            for (Subject subject : subjects) {
                running.add(start(subject));
            }
            List<Load.Seen> before = sent(running, each -> each.load().send((long) (SECONDS_BEFORE * rate), rate));
            broker.goAway();
            List<Load.Seen> away = sent(running, each -> each.load().send((long) (minutes * 60 * rate), rate));
            broker.comeBack();
            List<Load.Seen> after = sent(running, each -> each.load().send((long) (SECONDS_BEFORE * rate), rate));
            for (int i = 0; i < subjects.size(); i++) {
                running.get(i).awaitDelivered().run();
                long accepted = before.get(i).accepted()
                        + away.get(i).accepted()
                        + after.get(i).accepted();
                long refused = before.get(i).refused()
                        + away.get(i).refused()
                        + after.get(i).refused();
                long outage = delivered(subjects.get(i));
                double mib = running.get(i).watched().peakMib();
                long untilKill = killed(running.get(i));
                running.set(i, start(subjects.get(i)));
                running.get(i).awaitDelivered().run();
                long kill = delivered(subjects.get(i));
                long lostThen = untilKill - (kill - outage);
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %,d | %,d | %,d | %,d | %.0f | %,d | %,d |%n",
                        subjects.get(i).name(),
                        accepted,
                        refused,
                        Math.max(0, accepted - outage),
                        Math.max(0, outage - accepted),
                        mib,
                        untilKill,
                        Math.max(0, lostThen)));
                if (subjects.get(i).isOurs() && (outage != accepted || lostThen > 0)) {
                    throw new IllegalStateException("the sidecar lost spans, or wrote some twice:\n" + text);
                }
            }
        } finally {
            for (Running each : running) {
                each.close().run();
            }
        }
        return text.toString();
    }

    /** Spans answered with success before the process was killed in their midst. */
    private long killed(Running running) throws IOException, InterruptedException, ExecutionException {
        FutureTask<Load.Seen> load = background(() -> running.load().sendUntilGone((long) (600 * rate), rate));
        TimeUnit.SECONDS.sleep(SECONDS_UNTIL_KILL);
        running.kill().run();
        return load.get().accepted();
    }

    private interface Sending {
        Load.Seen by(Running running) throws IOException, InterruptedException;
    }

    private static List<Load.Seen> sent(List<Running> running, Sending sending)
            throws InterruptedException, ExecutionException {
        List<FutureTask<Load.Seen>> loads = new ArrayList<>();
        for (Running each : running) {
            loads.add(background(() -> sending.by(each)));
        }
        List<Load.Seen> seen = new ArrayList<>();
        for (FutureTask<Load.Seen> load : loads) {
            seen.add(load.get());
        }
        return seen;
    }

    private static <T> FutureTask<T> background(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Spans of its topic; of ours, in batches that the engine counts. */
    private long delivered(Subject subject) throws MalformedBatchException, InvalidProtocolBufferException {
        if (subject.isOurs()) {
            return TopicCount.of(broker.bootstrap(), subject.topic()).events();
        }
        return TopicCount.spans(broker.bootstrap(), subject.topic());
    }

    private Running start(Subject subject) throws IOException, InterruptedException {
        Path own = directory.resolve(subject.topic());
        if (subject.isOurs()) {
            SidecarProcess process = SidecarProcess.start(own, broker.bootstrap());
            return new Running(
                    load(process.httpPort(), process.grpcPort()),
                    process.watched(),
                    process::kill,
                    () -> process.awaitDrained(Duration.ofMinutes(5)),
                    process::close);
        }
        CollectorProcess process = CollectorProcess.start(own, broker.bootstrap(), subject.topic(), subject.onDisk());
        return new Running(
                load(process.httpPort(), process.grpcPort()),
                process.watched(),
                process::kill,
                () -> CollectorProcess.awaitQuiet(broker, subject.topic(), QUIET_SECONDS),
                process::close);
    }

    private static Load load(int httpPort, int grpcPort) {
        return new Load(new SpanMix(1, SPANS), Sender.Transport.HTTP, httpPort, grpcPort, CONNECTIONS);
    }
}
