// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where logs go: stderr, never stdout, which belongs to what a command prints. In Java rather than XML: it must be in
 * force before the first line and costs no parser at start. {@link LogsAtOnce} asks for it; otherwise Logback finds it as a
 * service.
 */
@ConfiguratorRank(ConfiguratorRank.NOMINAL)
public final class Logs extends ContextAwareBase implements Configurator {
    /** Kafka speaks only when something is wrong; what it says at WARN on every start is no warning to a user. */
    private static final Map<String, Level> QUIET = Map.ofEntries(
            Map.entry("org.apache.kafka", Level.WARN),
            Map.entry("kafka", Level.WARN),
            Map.entry("state.change.logger", Level.WARN),
            Map.entry("org.apache.kafka.controller.QuorumController", Level.ERROR),
            Map.entry("org.apache.kafka.streams.StreamsConfig", Level.ERROR),
            Map.entry("org.apache.kafka.streams.processor.internals.StateDirectory", Level.ERROR),
            Map.entry("kafka.server.DefaultAutoTopicCreationManager", Level.ERROR),
            Map.entry("org.apache.kafka.clients.consumer.ConsumerConfig", Level.ERROR),
            Map.entry("org.apache.kafka.clients.producer.ProducerConfig", Level.ERROR),
            Map.entry("org.apache.kafka.clients.admin.AdminClientConfig", Level.ERROR),
            Map.entry("org.apache.kafka.common.utils.AppInfoParser", Level.ERROR),
            // What a rebalance took from a reader.
            Map.entry("org.apache.kafka.clients.consumer.internals.OffsetFetcherUtils", Level.ERROR),
            // Two lines a second while a broker is away, which each role says once.
            Map.entry("org.apache.kafka.clients.NetworkClient", Level.ERROR),
            Map.entry("io.opentelemetry", Level.WARN));

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        install(context, LogFormat.TEXT);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Replaces the format for the rest of the process. */
    static void use(LogFormat format) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.reset();
            install(context, format);
        }
    }

    /** From here on into a file, as text; stderr stays silent. */
    static void toFile(Path file) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.reset();
            FileAppender<ILoggingEvent> appender = new FileAppender<>();
            appender.setFile(file.toString());
            install(context, appender, LogFormat.TEXT);
        }
    }

    /** Switches one logger off, and back to the level it inherits. */
    static void silence(Logger logger, boolean silent) {
        if (logger instanceof ch.qos.logback.classic.Logger switched) {
            switched.setLevel(silent ? Level.OFF : null);
        }
    }

    static void install(LoggerContext context, LogFormat format) {
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setTarget("System.err");
        install(context, stderr, format);
    }

    private static void install(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, LogFormat format) {
        appender.setContext(context);
        appender.setName("log");
        appender.setEncoder(encoder(context, format));
        appender.addFilter(new HarmlessLines());
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        QUIET.forEach((name, level) -> context.getLogger(name).setLevel(level));
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        if (format == LogFormat.JSON) {
            JsonEncoder json = new JsonEncoder();
            json.setContext(context);
            json.setWithFormattedMessage(true);
            json.setWithSequenceNumber(false);
            json.setWithContext(false);
            json.start();
            return json;
        }
        LogLine line = new LogLine();
        line.setContext(context);
        line.start();
        LayoutWrappingEncoder<ILoggingEvent> text = new LayoutWrappingEncoder<>();
        text.setContext(context);
        text.setLayout(line);
        text.start();
        return text;
    }
}
