// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LogbackServiceProvider;
import org.slf4j.ILoggerFactory;

/**
 * Logback with {@link Logs} and nothing else: what Logback does by itself to find out that {@link Logs} is all there is
 * takes a fifth of a sidecar's start. The launcher names this class; started otherwise, Logback finds {@link Logs}.
 */
public final class LogsAtOnce extends LogbackServiceProvider {
    private final LoggerContext context = new LoggerContext();

    @Override
    public void initialize() {
        context.setName("default");
        context.setMDCAdapter(getMDCAdapter());
        Logs.install(context, LogFormat.TEXT);
        context.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }
}
