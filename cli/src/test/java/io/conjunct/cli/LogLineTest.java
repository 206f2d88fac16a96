// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The line is what logback makes of the pattern. */
class LogLineTest {
    private final LoggerContext context = new LoggerContext();

    @ParameterizedTest
    @CsvSource({
        "INFO, io.conjunct.cli.NodeCommand, 1764315000123, false",
        "WARN, short, 1764315000000, false",
        "ERROR, org.apache.kafka.clients.consumer.internals.ConsumerCoordinator, 0, true",
        "DEBUG, io.conjunct.ingest.batch.Forwarder, 1764315000999, true"
    })
    void line_isThatOfThePattern(String level, String logger, long millis, boolean fails) {
        IOException failure = new IOException("disk gone", new IllegalStateException("below"));
        LoggingEvent event = event(level, logger, millis, fails ? failure : null);
        PatternLayout pattern = new PatternLayout();
        pattern.setContext(context);
        pattern.setPattern(LogLine.PATTERN);
        pattern.start();
        assertThat(new LogLine().doLayout(event)).isEqualTo(pattern.doLayout(event));
    }

    private LoggingEvent event(String level, String logger, long millis, @Nullable Throwable failure) {
        LoggingEvent event = new LoggingEvent(
                "caller", context.getLogger(logger), Level.toLevel(level), "{} of {}", failure, new Object[] {1, "two"
                });
        event.setTimeStamp(millis);
        return event;
    }
}
