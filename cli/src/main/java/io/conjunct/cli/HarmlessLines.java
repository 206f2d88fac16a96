// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.apache.kafka.common.errors.NotControllerException;
import org.jspecify.annotations.Nullable;

/**
 * Drops lines that Kafka writes as warnings or errors on healthy starts and stops of an embedded broker, and those that
 * say once more what the one that stays says: that state of a process that was killed is built again.
 */
final class HarmlessLines extends Filter<ILoggingEvent> {
    private static final String CONTROLLER = "kafka.server.ControllerApis";
    private static final List<String> BEGINNINGS = List.of(
            // The broker's own channel to its controller, closed twice by its shutdown.
            "Attempting to close NetworkClient that has already been closed",
            "[NodeToControllerChannelManager id=1 name=registration] Attempting to close NetworkClient");

    private static final String STORES = "org.apache.kafka.streams.processor.internals.ProcessorStateManager";
    private static final String TASKS = "org.apache.kafka.streams.processor.internals.TaskManager";

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (event.getLoggerName().equals(CONTROLLER) && isEarlyRegistration(event.getThrowableProxy())) {
            return FilterReply.DENY;
        }
        String message = event.getFormattedMessage();
        if (isOfStateLeftBehind(event.getLoggerName(), message)) {
            return FilterReply.DENY;
        }
        return BEGINNINGS.stream().anyMatch(message::startsWith) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    /** A line for each store and each task, before the one that names all tasks and is written in any case. */
    private static boolean isOfStateLeftBehind(String logger, String message) {
        return switch (logger) {
            case STORES -> message.contains("did not find checkpoint offsets while stores are not empty");
            case TASKS ->
                message.contains("Encounter corrupted task")
                        || (message.contains("Get exceptions for the following tasks")
                                && !message.replace("TaskCorruptedException", "")
                                        .contains("Exception:"));
            default -> false;
        };
    }

    /** The broker registers with its controller, which has not yet been elected; it asks again until it has. */
    private static boolean isEarlyRegistration(@Nullable IThrowableProxy thrown) {
        for (IThrowableProxy each = thrown; each != null; each = each.getCause()) {
            if (each.getClassName().equals(NotControllerException.class.getName())) {
                return true;
            }
        }
        return false;
    }
}
