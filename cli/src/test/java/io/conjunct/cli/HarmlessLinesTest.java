// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Set;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HarmlessLinesTest {
    private static final String STREAMS = "org.apache.kafka.streams.processor.internals.";

    private final HarmlessLines filter = new HarmlessLines();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ProcessorStateManager | task [1_0] State store s did not find checkpoint offsets while stores are not empty, since
            TaskManager           | stream-thread [a] Encounter corrupted task 0_0, will group it with other corrupted tasks
            TaskManager           | stream-thread [a] Get exceptions for the following tasks: {0_0=k.TaskCorruptedException: Tasks}
            """)
    void stateOfAKilledProcess_isSaidOnce(String logger, String message) {
        assertThat(decide(STREAMS + logger, message, null)).isEqualTo(FilterReply.DENY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            StreamThread          | stream-thread [a] Detected the states of tasks [0_0] are corrupted. Will close the task
            TaskManager           | stream-thread [a] Get exceptions for the following tasks: {0_0=k.TaskCorruptedException: x, 0_1=k.StreamsException: y}
            TaskManager           | stream-thread [a] Failed to close task 0_0 cleanly
            ProcessorStateManager | task [1_0] Failed to write offset checkpoint file
            """)
    void otherTroubleWithTasks_stays(String logger, String message) {
        assertThat(decide(STREAMS + logger, message, new TaskCorruptedException(Set.of())))
                .isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void registrationBeforeTheController_isDropped_othersStay() {
        String logger = "kafka.server.ControllerApis";
        assertThat(decide(logger, "error", new IllegalStateException(new NotControllerException("no"))))
                .isEqualTo(FilterReply.DENY);
        assertThat(decide(logger, "error", new IllegalStateException("no"))).isEqualTo(FilterReply.NEUTRAL);
    }

    private FilterReply decide(String logger, String message, @Nullable Throwable thrown) {
        return filter.decide(new LoggingEvent(
                HarmlessLinesTest.class.getName(),
                new LoggerContext().getLogger(logger),
                Level.WARN,
                message,
                thrown,
                null));
    }
}
