// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.embedded;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.internals.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions of an earlier process that a partition of the embedded broker holds open and that its transaction
 * coordinator has no knowledge of, so that no marker would ever end them: committed offsets and records behind them
 * could not be read by anyone who asks for what is committed (KIP-664).
 *
 * <p>Only what was open before this broker started is looked at: once a second for as long as there is any, at most for
 * two minutes. A transaction hangs if all coordinators answer and none says that it is in progress, and the same
 * transaction is open and unknown again at the next look: a coordinator that was writing its markers is done by then.
 */
final class HangingTransactions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** In these a coordinator has no marker left to write. */
    private static final Set<TransactionState> OVER =
            EnumSet.of(TransactionState.EMPTY, TransactionState.COMPLETE_ABORT, TransactionState.COMPLETE_COMMIT);

    /**
     * What one partition holds open. Where it began tells one transaction of a producer from its next.
     *
     * @param coordinatorEpoch of the coordinator that wrote the producer's last marker
     */
    private record Open(
            TopicPartition partition, long producerId, short producerEpoch, int coordinatorEpoch, long startOffset) {
        AbortTransactionSpec abort() {
            return new AbortTransactionSpec(partition, producerId, producerEpoch, coordinatorEpoch);
        }
    }

    private final String bootstrap;
    private final Instant started;
    private final AtomicLong aborted = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "hanging-transactions");

    /** Open at every look so far; empty before the first. */
    private Optional<Set<Open>> open = Optional.empty();

    /** Unknown to the coordinators at the last look. */
    private Set<Open> unknown = Set.of();

    /** @param started when the broker was started: what was written later is not looked at */
    HangingTransactions(String bootstrap, Instant started) {
        this.bootstrap = bootstrap;
        this.started = started;
        thread.setDaemon(true);
    }

    /** Looks in the background from now on. */
    HangingTransactions start() {
        thread.start();
        return this;
    }

    /** How many were aborted, each counted once for every partition that held it open. */
    long aborted() {
        return aborted.get();
    }

    /** Ends the looking; what is under way is given up. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }

    private void run() {
        long end = System.nanoTime() + LIMIT.toNanos();
        try {
            boolean more = true;
            while (more && System.nanoTime() < end) {
                if (closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                more = tryLook();
            }
            if (more) {
                LOG.warn("Gave up looking for transactions that hang, after {} s", LIMIT.toSeconds());
            }
        } catch (InterruptedException e) {
            // Closed.
            Thread.currentThread().interrupt();
        }
    }

    private boolean tryLook() throws InterruptedException {
        try {
            return look();
        } catch (ExecutionException | RuntimeException e) {
            if (closed.getCount() > 0) {
                LOG.warn("Cannot look for transactions that hang, will try again for a while: {}", e.toString());
            }
            return true;
        }
    }

    /** Aborts what was found to hang at the last look and still does; false when nothing is left to look at. */
    boolean look() throws ExecutionException, InterruptedException {
        Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrap,
                "client.id",
                thread.getName(),
                "default.api.timeout.ms",
                Math.toIntExact(ANSWER.toMillis()),
                "request.timeout.ms",
                Math.toIntExact(ANSWER.toMillis())));
        try {
            Map<String, TopicDescription> topics = topics(admin);
            // Before the coordinators are asked: what they end in between is not open at the next look.
            Set<Open> found = open(admin, topics);
            open.ifPresent(found::retainAll);
            open = Optional.of(found);
            Set<Open> suspects = unknown;
            unknown = found.isEmpty() ? Set.of() : unknown(admin, found, topics);
            for (Open each : unknown) {
                if (suspects.contains(each)) {
                    abort(admin, each);
                }
            }
            return !found.isEmpty();
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private static Map<String, TopicDescription> topics(Admin admin) throws ExecutionException, InterruptedException {
        Set<String> names = admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get();
        return admin.describeTopics(names).allTopicNames().get();
    }

    private Set<Open> open(Admin admin, Map<String, TopicDescription> topics)
            throws ExecutionException, InterruptedException {
        List<TopicPartition> partitions = topics.values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        Set<Open> found = new HashSet<>();
        admin.describeProducers(partitions).all().get().forEach((partition, state) -> {
            for (ProducerState each : state.activeProducers()) {
                if (each.currentTransactionStartOffset().isPresent() && each.lastTimestamp() < started.toEpochMilli()) {
                    found.add(new Open(
                            partition,
                            each.producerId(),
                            (short) each.producerEpoch(),
                            Math.max(0, each.coordinatorEpoch().orElse(0)),
                            each.currentTransactionStartOffset().getAsLong()));
                }
            }
        });
        return found;
    }

    private static Set<Open> unknown(Admin admin, Set<Open> open, Map<String, TopicDescription> topics)
            throws ExecutionException, InterruptedException {
        requireCoordinators(admin, topics);
        Set<Long> producers = open.stream().map(Open::producerId).collect(Collectors.toSet());
        Set<Long> inProgress =
                admin.listTransactions(new ListTransactionsOptions().filterProducerIds(producers)).all().get().stream()
                        .filter(transaction -> !OVER.contains(transaction.state()))
                        .map(TransactionListing::producerId)
                        .collect(Collectors.toSet());
        return open.stream()
                .filter(each -> !inProgress.contains(each.producerId()))
                .collect(Collectors.toSet());
    }

    /**
     * A list of transactions leaves out, silently, those of a coordinator that has not begun to load its partition. So
     * each is asked something first that it can answer only then.
     */
    private static void requireCoordinators(Admin admin, Map<String, TopicDescription> topics)
            throws ExecutionException, InterruptedException {
        TopicDescription states = topics.get(Topic.TRANSACTION_STATE_TOPIC_NAME);
        if (states == null) {
            return;
        }
        // A coordinator is found by an id's hash, modulo their number; that of one letter is the letter.
        List<String> ids = IntStream.range(0, states.partitions().size())
                .mapToObj(i -> Character.toString('A' + i))
                .toList();
        List<KafkaFuture<?>> answers = new ArrayList<>();
        var described = admin.describeTransactions(ids);
        ids.forEach(id -> answers.add(described.description(id)));
        for (KafkaFuture<?> each : answers) {
            try {
                each.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TransactionalIdNotFoundException)) {
                    throw e;
                }
            }
        }
    }

    private void abort(Admin admin, Open hanging) throws InterruptedException {
        try {
            admin.abortTransaction(hanging.abort()).all().get();
            aborted.incrementAndGet();
            LOG.warn(
                    "Aborted a transaction of producer id {} that partition {} had held open since its offset {}: the process"
                            + " that began it is gone and the coordinator has no knowledge of it. Until now nobody could"
                            + " read what was committed there after it; nothing that was committed is lost.",
                    hanging.producerId(),
                    hanging.partition(),
                    hanging.startOffset());
        } catch (ExecutionException | KafkaException e) {
            LOG.warn(
                    "Cannot abort the hanging transaction of producer id {} in partition {}, will try again for a while: {}",
                    hanging.producerId(),
                    hanging.partition(),
                    e.toString());
        }
    }
}
