// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import com.sun.net.httpserver.HttpHandler;
import io.conjunct.cli.Component.Stage;
import io.conjunct.correlate.DeadMembers;
import io.conjunct.sink.AlertSink;
import io.conjunct.sink.Receivers;
import io.conjunct.sink.ReceiversFileException;
import io.conjunct.sink.SinkSettings;
import io.conjunct.sink.console.ConsoleSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** The alert sink as a part of a node: alerts to people. */
final class SinkRole {
    private SinkRole() {}

    /** Who is told. Before anything starts: a mistake in the file should be known at once. */
    static Receivers receivers(SinkOptions sink) {
        Optional<Path> file = sink.receivers.get();
        if (file.isEmpty()) {
            return Receivers.console();
        }
        try {
            return Receivers.load(file.get());
        } catch (ReceiversFileException e) {
            throw new ConfigurationProblem(String.valueOf(e.getMessage()), e);
        }
    }

    /** The console as the only receiver, in words. */
    static Receivers inWords() {
        return Receivers.console(ConsoleSettings.Format.TEXT);
    }

    /**
     * @param console where a console receiver writes
     * @param ledger what is known about pages
     * @param mount takes the paths on which people and providers answer
     */
    static Component start(
            NodeStart.Broker broker,
            KafkaOptions kafka,
            Receivers receivers,
            PrintStream console,
            PrometheusRegistry registry,
            LedgerRole ledger,
            Consumer<Map<String, HttpHandler>> mount) {
        if (kafka.embedded()) {
            removeDeadMembers(broker);
        }
        AlertSink sink = AlertSink.start(
                new SinkSettings(
                        broker.bootstrap(),
                        kafka.topicPrefix.get(),
                        SinkSettings.DEFAULT_GROUP,
                        receivers,
                        console,
                        Map.of(),
                        InstantSource.system()),
                registry);
        mount.accept(sink.handlers(ledger, ledger.formToken()));
        String names = "to " + String.join(", ", receivers.byName().keySet());
        return new Component("sink", Stage.DELIVERY, sink::notReady, names, sink::close);
    }

    /** Of a broker within the process, the group is the process's own: a page need not wait for one that was killed. */
    private static void removeDeadMembers(NodeStart.Broker broker) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
            DeadMembers.remove(admin, SinkSettings.DEFAULT_GROUP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
