// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;

/** Drops lines that Kafka writes as warnings on every healthy start or stop of an embedded broker. */
final class HarmlessLines extends Filter<ILoggingEvent> {
    private static final List<String> BEGINNINGS = List.of(
            // The broker's own channel to its controller, closed twice by its shutdown.
            "Attempting to close NetworkClient that has already been closed",
            "[NodeToControllerChannelManager id=1 name=registration] Attempting to close NetworkClient");

    @Override
    public FilterReply decide(ILoggingEvent event) {
        String message = event.getFormattedMessage();
        return BEGINNINGS.stream().anyMatch(message::startsWith) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
