// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.alert.Alert;
import io.conjunct.record.Demotion;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the track records, and knows one sentence for each rule and when its pages are tickets, at most {@value #SECONDS} s old. In a thread of its
 * own: when Kafka is away pages go out with the record known last. A sentence about days that ended before yesterday says
 * so.
 */
final class RecordFollower implements Wording.Records, Demotions.Known, AutoCloseable {
    private static final int SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(RecordFollower.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Known(String sentence, Instant asOf, List<Demotion> demotions) {}

    private final KafkaTail records;
    private final InstantSource clock;
    private final OncePerMinute logged;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "conjunct-sink-records");
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private volatile boolean asked;

    RecordFollower(KafkaTail records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
        logged = new OncePerMinute(clock);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public Optional<String> of(Alert alert) {
        Known record = known.get(alert.name());
        if (record == null) {
            return Optional.empty();
        }
        boolean old = Duration.between(record.asOf(), clock.instant()).compareTo(Duration.ofDays(1)) > 0;
        LocalDate day = LocalDate.ofInstant(record.asOf().minusMillis(1), ZoneOffset.UTC);
        return Optional.of(record.sentence() + (old ? " until " + day : ""));
    }

    @Override
    public Optional<Demotion> covering(Alert alert) {
        Known record = known.get(alert.name());
        return record == null
                ? Optional.empty()
                : record.demotions().stream().filter(each -> each.covers(alert)).findFirst();
    }

    @Override
    public boolean asked() {
        return asked;
    }

    /** Takes a value of the topic. */
    void take(String json) {
        try {
            JsonNode record = JSON.readTree(json);
            List<Demotion> demotions = new ArrayList<>();
            record.path("demotions").forEach(each -> demotions.add(Demotion.read(each)));
            known.put(
                    record.required("rule").asText(),
                    new Known(
                            record.required("sentence").asText(),
                            Instant.parse(record.required("as_of").asText()),
                            List.copyOf(demotions)));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            if (logged.allows("record")) {
                LOG.warn("no track record: {}", e.getMessage());
            }
        }
    }

    private void run() {
        try {
            do {
                try {
                    records.read(this::take);
                } catch (KafkaException e) {
                    if (closing.getCount() > 0 && logged.allows("kafka")) {
                        LOG.warn("the track records are not read: {}", e.getMessage());
                    }
                }
                asked = true;
            } while (!closing.await(SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            LOG.debug("stopped following the track records");
        } finally {
            records.close();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(1).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
