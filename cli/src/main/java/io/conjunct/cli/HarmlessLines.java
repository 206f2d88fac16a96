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

/** Drops lines that Kafka writes as warnings or errors on healthy starts and stops of an embedded broker. */
final class HarmlessLines extends Filter<ILoggingEvent> {
    private static final String CONTROLLER = "kafka.server.ControllerApis";
    private static final List<String> BEGINNINGS = List.of(
            // The broker's own channel to its controller, closed twice by its shutdown.
            "Attempting to close NetworkClient that has already been closed",
            "[NodeToControllerChannelManager id=1 name=registration] Attempting to close NetworkClient");

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (event.getLoggerName().equals(CONTROLLER) && isEarlyRegistration(event.getThrowableProxy())) {
            return FilterReply.DENY;
        }
        String message = event.getFormattedMessage();
        return BEGINNINGS.stream().anyMatch(message::startsWith) ? FilterReply.DENY : FilterReply.NEUTRAL;
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
