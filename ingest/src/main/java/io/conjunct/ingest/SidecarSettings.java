// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static java.util.Objects.requireNonNull;

import io.conjunct.ingest.spool.SpoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How a sidecar runs. {@link #of} gives the defaults; the {@code with} methods change one of them.
 *
 * @param bootstrapServers Kafka brokers, {@code host:port} separated by commas
 * @param topicPrefix stands before {@code events}
 * @param sidecarId identity of this sidecar, the same after a restart; 1 to 128 characters
 * @param host address both ports are bound to
 * @param grpcPort OTLP/gRPC; 0 takes a free one
 * @param httpPort OTLP/HTTP; 0 takes a free one
 * @param tick the engine's tick, 100 ms to 1 h
 * @param allowedLateness how old an event may be when it leaves here without being late, 0 to 1 h
 * @param flushInterval how long events wait for company before they share a batch and a sync of the disk, 1 ms to 10 s
 * @param ackTimeout how long a client waits for the disk before it is told to try again, 1 s to 60 s
 * @param maxHttpBodyBytes longest HTTP body, as sent and decompressed, 1 KiB to 1 GiB
 * @param maxGrpcMessageBytes longest gRPC message, as sent and decompressed, 1 KiB to 1 GiB
 * @param maxInFlightBytes what may wait for the disk, at least 64 KiB
 * @param spool where events wait for Kafka
 * @param duplicateWindow how long a request is known again when it comes a second time, 0 (not at all) to 10 min
 * @param patience how long an HTTP request may take to arrive, 1 s to 60 s
 * @param security who may send
 * @param kafkaProperties client properties that win over ours
 */
public record SidecarSettings(
        String bootstrapServers,
        String topicPrefix,
        String sidecarId,
        String host,
        int grpcPort,
        int httpPort,
        Duration tick,
        Duration allowedLateness,
        Duration flushInterval,
        Duration ackTimeout,
        long maxHttpBodyBytes,
        int maxGrpcMessageBytes,
        long maxInFlightBytes,
        SpoolSettings spool,
        Duration duplicateWindow,
        Duration patience,
        Security security,
        Map<String, String> kafkaProperties) {

    public static final int DEFAULT_GRPC_PORT = 4317;
    public static final int DEFAULT_HTTP_PORT = 4318;
    private static final long MIB = 1024 * 1024;

    public SidecarSettings {
        requireNonNull(bootstrapServers, "bootstrapServers");
        requireNonNull(topicPrefix, "topicPrefix");
        requireNonNull(host, "host");
        require(!bootstrapServers.isBlank(), "bootstrapServers", bootstrapServers, "host:port[,host:port]");
        require(!sidecarId.isBlank() && sidecarId.length() <= 128, "sidecarId", sidecarId, "1 to 128 characters");
        requirePort(grpcPort, "grpcPort");
        requirePort(httpPort, "httpPort");
        require(grpcPort == 0 || grpcPort != httpPort, "httpPort", httpPort, "another port than grpcPort");
        requireBetween(tick, Duration.ofMillis(100), Duration.ofHours(1), "tick");
        requireBetween(allowedLateness, Duration.ZERO, Duration.ofHours(1), "allowedLateness");
        requireBetween(flushInterval, Duration.ofMillis(1), Duration.ofSeconds(10), "flushInterval");
        requireBetween(ackTimeout, Duration.ofSeconds(1), Duration.ofSeconds(60), "ackTimeout");
        requireBytes(maxHttpBodyBytes, "maxHttpBodyBytes");
        requireBytes(maxGrpcMessageBytes, "maxGrpcMessageBytes");
        require(maxInFlightBytes >= 64 * 1024, "maxInFlightBytes", maxInFlightBytes, "at least 65536");
        requireNonNull(spool, "spool");
        requireNonNull(security, "security");
        requireBetween(patience, Duration.ofSeconds(1), Duration.ofSeconds(60), "patience");
        requireBetween(duplicateWindow, Duration.ZERO, Duration.ofMinutes(10), "duplicateWindow");
        kafkaProperties = Map.copyOf(kafkaProperties);
    }

    /** The defaults: local ports 4317 and 4318, tick and lateness of 10 s, batches of 10 ms. */
    public static SidecarSettings of(String bootstrapServers, String sidecarId, Path spoolDirectory) {
        return new SidecarSettings(
                bootstrapServers,
                "conjunct.",
                sidecarId,
                "127.0.0.1",
                DEFAULT_GRPC_PORT,
                DEFAULT_HTTP_PORT,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMillis(10),
                Duration.ofSeconds(5),
                64 * MIB,
                (int) (4 * MIB),
                8 * MIB,
                SpoolSettings.in(spoolDirectory),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Security.none(),
                Map.of());
    }

    /** Name of the topic that batches go to. */
    public String eventsTopic() {
        return topicPrefix + "events";
    }

    public SidecarSettings withTopicPrefix(String prefix) {
        return new SidecarSettings(
                bootstrapServers,
                prefix,
                sidecarId,
                host,
                grpcPort,
                httpPort,
                tick,
                allowedLateness,
                flushInterval,
                ackTimeout,
                maxHttpBodyBytes,
                maxGrpcMessageBytes,
                maxInFlightBytes,
                spool,
                duplicateWindow,
                patience,
                security,
                kafkaProperties);
    }

    public SidecarSettings withAddress(String newHost, int newGrpcPort, int newHttpPort) {
        return new SidecarSettings(
                bootstrapServers,
                topicPrefix,
                sidecarId,
                newHost,
                newGrpcPort,
                newHttpPort,
                tick,
                allowedLateness,
                flushInterval,
                ackTimeout,
                maxHttpBodyBytes,
                maxGrpcMessageBytes,
                maxInFlightBytes,
                spool,
                duplicateWindow,
                patience,
                security,
                kafkaProperties);
    }

    public SidecarSettings withTimes(Duration newTick, Duration newAllowedLateness, Duration newFlushInterval) {
        return new SidecarSettings(
                bootstrapServers,
                topicPrefix,
                sidecarId,
                host,
                grpcPort,
                httpPort,
                newTick,
                newAllowedLateness,
                newFlushInterval,
                ackTimeout,
                maxHttpBodyBytes,
                maxGrpcMessageBytes,
                maxInFlightBytes,
                spool,
                duplicateWindow,
                patience,
                security,
                kafkaProperties);
    }

    public SidecarSettings withLimits(
            Duration newAckTimeout, long newMaxHttpBodyBytes, int newMaxGrpcMessageBytes, long newMaxInFlightBytes) {
        return new SidecarSettings(
                bootstrapServers,
                topicPrefix,
                sidecarId,
                host,
                grpcPort,
                httpPort,
                tick,
                allowedLateness,
                flushInterval,
                newAckTimeout,
                newMaxHttpBodyBytes,
                newMaxGrpcMessageBytes,
                newMaxInFlightBytes,
                spool,
                duplicateWindow,
                patience,
                security,
                kafkaProperties);
    }

    public SidecarSettings withDuplicateWindow(Duration window) {
        return new SidecarSettings(
                bootstrapServers,
                topicPrefix,
                sidecarId,
                host,
                grpcPort,
                httpPort,
                tick,
                allowedLateness,
                flushInterval,
                ackTimeout,
                maxHttpBodyBytes,
                maxGrpcMessageBytes,
                maxInFlightBytes,
                spool,
                window,
                patience,
                security,
                kafkaProperties);
    }

    public SidecarSettings withPatience(Duration newPatience) {
        return new SidecarSettings(
                bootstrapServers,
                topicPrefix,
                sidecarId,
                host,
                grpcPort,
                httpPort,
                tick,
                allowedLateness,
                flushInterval,
                ackTimeout,
                maxHttpBodyBytes,
                maxGrpcMessageBytes,
                maxInFlightBytes,
                spool,
                duplicateWindow,
                newPatience,
                security,
                kafkaProperties);
    }

    public SidecarSettings withSecurity(Security newSecurity) {
        return new SidecarSettings(
                bootstrapServers,
                topicPrefix,
                sidecarId,
                host,
                grpcPort,
                httpPort,
                tick,
                allowedLateness,
                flushInterval,
                ackTimeout,
                maxHttpBodyBytes,
                maxGrpcMessageBytes,
                maxInFlightBytes,
                spool,
                duplicateWindow,
                patience,
                newSecurity,
                kafkaProperties);
    }

    public SidecarSettings withKafkaProperties(Map<String, String> properties) {
        return new SidecarSettings(
                bootstrapServers,
                topicPrefix,
                sidecarId,
                host,
                grpcPort,
                httpPort,
                tick,
                allowedLateness,
                flushInterval,
                ackTimeout,
                maxHttpBodyBytes,
                maxGrpcMessageBytes,
                maxInFlightBytes,
                spool,
                duplicateWindow,
                patience,
                security,
                properties);
    }

    public SidecarSettings withSpool(SpoolSettings newSpool) {
        return new SidecarSettings(
                bootstrapServers,
                topicPrefix,
                sidecarId,
                host,
                grpcPort,
                httpPort,
                tick,
                allowedLateness,
                flushInterval,
                ackTimeout,
                maxHttpBodyBytes,
                maxGrpcMessageBytes,
                maxInFlightBytes,
                newSpool,
                duplicateWindow,
                patience,
                security,
                kafkaProperties);
    }

    private static void requirePort(int port, String name) {
        require(port >= 0 && port <= 65_535, name, port, "0 to 65535");
    }

    private static void requireBytes(long bytes, String name) {
        require(bytes >= 1024 && bytes <= 1024 * MIB, name, bytes, "1024 to 1073741824");
    }

    private static void requireBetween(Duration value, Duration least, Duration most, String name) {
        require(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, name, value, least + " to " + most);
    }

    private static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
