// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import com.sun.net.httpserver.HttpHandler;
import io.conjunct.cli.Component.Stage;
import io.conjunct.sink.AlertSink;
import io.conjunct.sink.Receivers;
import io.conjunct.sink.ReceiversFileException;
import io.conjunct.sink.SinkSettings;
import io.conjunct.sink.console.ConsoleSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;

/** The alert sink as a part of a node: alerts to people. */
final class SinkRole {
    private SinkRole() {}

    /**
     * @param console where a console receiver writes
     * @param mount takes the paths on which people and providers answer
     */
    static Component start(
            NodeStart.Broker broker,
            KafkaOptions kafka,
            SinkOptions sink,
            PrintStream console,
            PrometheusRegistry registry,
            Consumer<Map<String, HttpHandler>> mount) {
        if (sink.receivers.isEmpty()) {
            return start(
                    broker, kafka, Receivers.console(), "no receivers: alerts go to stdout", console, registry, mount);
        }
        try {
            Receivers receivers = Receivers.load(sink.receivers.get());
            return start(broker, kafka, receivers, sink.receivers.get().toString(), console, registry, mount);
        } catch (ReceiversFileException e) {
            throw new ConfigurationProblem(String.valueOf(e.getMessage()), e);
        }
    }

    /** With the console as the only receiver, in words. */
    static Component startWithText(
            NodeStart.Broker broker,
            KafkaOptions kafka,
            PrintStream console,
            PrometheusRegistry registry,
            Consumer<Map<String, HttpHandler>> mount) {
        return start(
                broker, kafka, Receivers.console(ConsoleSettings.Format.TEXT), "console", console, registry, mount);
    }

    private static Component start(
            NodeStart.Broker broker,
            KafkaOptions kafka,
            Receivers receivers,
            String detail,
            PrintStream console,
            PrometheusRegistry registry,
            Consumer<Map<String, HttpHandler>> mount) {
        AlertSink sink = AlertSink.start(
                new SinkSettings(
                        broker.bootstrap(),
                        kafka.topicPrefix,
                        SinkSettings.DEFAULT_GROUP,
                        receivers,
                        console,
                        Map.of(),
                        InstantSource.system()),
                registry);
        mount.accept(sink.handlers());
        return new Component("sink", Stage.DELIVERY, sink::notReady, detail, sink::close);
    }
}
