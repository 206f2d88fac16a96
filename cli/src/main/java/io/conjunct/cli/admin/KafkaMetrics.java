// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.admin;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * Kafka's own metrics of this process for Prometheus: the few dozen that answer a question in an incident, out of about
 * 700. Read from JMX, where Kafka's clients, Streams and the embedded broker put them by themselves, so no client needs
 * to know of this class. At most {@value #MAX_SERIES} series a scrape.
 */
public final class KafkaMetrics implements MultiCollector {
    private static final int MAX_SERIES = 500;

    /** Shown in seconds, as Prometheus' conventions ask for. */
    private static final String NANOS = "-ns-total";

    /** One MBean pattern; its attributes; the key properties that become labels. */
    private record Source(ObjectName pattern, List<String> attributes, List<String> labels) {}

    private static final List<Source> SOURCES = List.of(
            source(
                    "kafka.consumer:type=consumer-fetch-manager-metrics,client-id=*",
                    "client-id",
                    "records-lag-max",
                    "records-consumed-total",
                    "bytes-consumed-total",
                    "fetch-latency-avg"),
            source(
                    "kafka.consumer:type=consumer-coordinator-metrics,client-id=*",
                    "client-id",
                    "rebalance-total",
                    "failed-rebalance-total",
                    "last-heartbeat-seconds-ago",
                    "commit-latency-avg"),
            source(
                    "kafka.producer:type=producer-metrics,client-id=*",
                    "client-id",
                    "record-send-total",
                    "record-error-total",
                    "record-retry-total",
                    "outgoing-byte-total",
                    "request-latency-avg",
                    "batch-size-avg",
                    "record-queue-time-avg",
                    "buffer-available-bytes",
                    "bufferpool-wait-time-ns-total",
                    "txn-commit-time-ns-total"),
            source(
                    "kafka.streams:type=stream-metrics,client-id=*",
                    "client-id",
                    "alive-stream-threads",
                    "failed-stream-threads"),
            source(
                    "kafka.streams:type=stream-thread-metrics,thread-id=*",
                    "thread-id",
                    "process-total",
                    "process-latency-avg",
                    "process-latency-max",
                    "commit-total",
                    "commit-latency-avg",
                    "commit-latency-max",
                    "poll-records-avg",
                    "blocked-time-ns-total",
                    "task-created-total",
                    "task-closed-total"),
            source(
                    "kafka.streams:type=stream-task-metrics,thread-id=*,task-id=*",
                    "task-id",
                    "dropped-records-total",
                    "active-process-ratio"),
            source(
                    "kafka.streams:type=stream-state-metrics,thread-id=*,task-id=*,rocksdb-state-id=*",
                    "rocksdb-state-id",
                    "size-all-mem-tables",
                    "block-cache-usage",
                    "estimate-num-keys"),
            source("kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec", "", "Count"),
            source("kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec", "", "Count"),
            source("kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec", "", "Count"),
            source("kafka.server:type=BrokerTopicMetrics,name=FailedProduceRequestsPerSec", "", "Count"),
            source("kafka.server:type=ReplicaManager,name=PartitionCount", "", "Value"));

    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();

    @Override
    public MetricSnapshots collect() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        int series = 0;
        for (Source source : SOURCES) {
            List<ObjectName> names = beans.queryNames(source.pattern(), null).stream()
                    .sorted()
                    .limit(Math.max(0, MAX_SERIES - series)
                            / source.attributes().size())
                    .toList();
            series += names.size() * source.attributes().size();
            for (String attribute : source.attributes()) {
                read(source, attribute, names, snapshots);
            }
        }
        return new MetricSnapshots(snapshots);
    }

    private void read(Source source, String attribute, List<ObjectName> names, List<MetricSnapshot> into) {
        boolean counter = attribute.endsWith("-total") || attribute.equals("Count");
        String metric = metricName(source.pattern(), attribute);
        MetricMetadata metadata = new MetricMetadata(
                metric, "Kafka's " + attribute + " of " + source.pattern().getKeyProperty("type") + ".");
        List<CounterDataPointSnapshot> counts = new ArrayList<>();
        List<GaugeDataPointSnapshot> values = new ArrayList<>();
        Set<Labels> seen = new HashSet<>();
        for (ObjectName name : names) {
            double value = attribute.endsWith(NANOS) ? number(name, attribute) / 1e9 : number(name, attribute);
            Labels labels = labels(source, name);
            // A task that moved between threads may be there twice for a moment.
            if (Double.isNaN(value) || !seen.add(labels)) {
                continue;
            }
            if (counter) {
                counts.add(new CounterDataPointSnapshot(Math.max(0, value), labels, null, 0));
            } else {
                values.add(new GaugeDataPointSnapshot(value, labels, null));
            }
        }
        if (!counts.isEmpty()) {
            into.add(new CounterSnapshot(metadata, counts));
        }
        if (!values.isEmpty()) {
            into.add(new GaugeSnapshot(metadata, values));
        }
    }

    private double number(ObjectName name, String attribute) {
        try {
            return beans.getAttribute(name, attribute) instanceof Number number ? number.doubleValue() : Double.NaN;
        } catch (JMException | RuntimeException e) {
            // A client that closed between the question for its name and this one: nothing to show.
            return Double.NaN;
        }
    }

    /** {@code kafka.producer:type=producer-metrics} and {@code record-send-total}: {@code kafka_producer_record_send}. */
    private static String metricName(ObjectName pattern, String attribute) {
        String role = switch (pattern.getKeyProperty("type")) {
            case "stream-thread-metrics" -> "kafka_streams_thread";
            case "stream-task-metrics" -> "kafka_streams_task";
            case "stream-state-metrics" -> "kafka_streams_rocksdb";
            case "consumer-coordinator-metrics" -> "kafka_consumer_coordinator";
            case "BrokerTopicMetrics", "ReplicaManager" -> "kafka_broker_" + snake(pattern.getKeyProperty("name"));
            default -> pattern.getDomain().replace('.', '_');
        };
        String what = attribute.equals("Count") || attribute.equals("Value")
                ? ""
                : "_" + attribute.replace(NANOS, "-seconds-total");
        return (role + what)
                .replace('-', '_')
                .replaceFirst("_total$", "")
                // A name that ends so would be a histogram's.
                .replaceFirst("partition_count$", "partitions");
    }

    private static String snake(String name) {
        return name.replaceFirst("PerSec$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }

    private static Labels labels(Source source, ObjectName name) {
        Labels labels = Labels.EMPTY;
        for (String label : source.labels()) {
            labels = labels.add(label.replace('-', '_'), String.valueOf(name.getKeyProperty(label)));
        }
        return labels;
    }

    private static Source source(String pattern, String label, String... attributes) {
        try {
            return new Source(
                    new ObjectName(pattern), List.of(attributes), label.isEmpty() ? List.of() : List.of(label));
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(pattern, e);
        }
    }
}
