// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import com.sun.net.httpserver.HttpHandler;
import io.conjunct.cli.Component.Stage;
import io.conjunct.cli.admin.ComponentState;
import io.conjunct.cli.admin.KafkaMetrics;
import io.conjunct.cli.admin.PagesSection;
import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.correlate.Correlator;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Starts components in order and gives up cleanly when one of them cannot start. Used once, by one thread. */
final class NodeStart {
    private final Node node = new Node();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private Optional<AdminStart> admin = Optional.empty();
    private volatile Optional<String> starting = Optional.of("starting");

    /**
     * The broker that a node works with.
     *
     * @param bootstrap its address
     * @param nodes how many brokers there are
     */
    record Broker(String bootstrap, int nodes) {}

    NodeStart() {
        Info.builder()
                .name("conjunct_build_info")
                .help("The version of this process.")
                .labelNames("version")
                .register(registry)
                .addLabelValues(VersionCommand.version());
    }

    PrometheusRegistry registry() {
        return registry;
    }

    /** Ready as soon as its components are. From here on it shows Java's and Kafka's own metrics. */
    void done() {
        // Not before: to load what they ask takes a tenth of a second.
        ProcessMetrics.builder().register(registry);
        JvmMemoryMetrics.builder().register(registry);
        JvmBufferPoolMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
        JvmRuntimeInfoMetric.builder().register(registry);
        registry.register(new KafkaMetrics());
        starting = Optional.empty();
    }

    Node node() {
        return node;
    }

    /** First of all, so that probes see the rest come up: it opens while the rest starts, a sidecar's doors before it. */
    AdminStart admin(ServerOptions options) {
        AdminStart begun = AdminStart.begin(options, registry, this::states);
        admin = Optional.of(begun);
        node.add(new Component(
                "admin", Stage.FOUNDATION, Optional::empty, () -> begun.await().url(), begun::close));
        return begun;
    }

    /** Shows pages and rules at {@code /} of the admin port, if there is one. */
    void show(PagesSection section) {
        admin.ifPresent(each -> each.await().show(section));
    }

    /** Serves these paths on the admin port, if there is one. */
    void mount(Map<String, HttpHandler> handlers) {
        admin.ifPresent(each -> handlers.forEach(each.await()::accept));
    }

    /** The broker's address: of one in this process, started now, or of the one that was named. */
    Broker broker(KafkaOptions options, DataDirectory data) {
        // A port that is taken should be known before anything large is started for nothing.
        admin.ifPresent(AdminStart::await);
        if (!options.embedded()) {
            return new Broker(options.kafka.get(), BrokerProbe.requireAnswer(options.kafka.get()));
        }
        starting = Optional.of("starting the broker");
        try {
            EmbeddedBroker broker = EmbeddedBroker.start(data, 0);
            node.add(new Component(
                    "broker", Stage.FOUNDATION, broker::notReady, "embedded, " + broker.bootstrap(), broker::close));
            CounterWithCallback.builder()
                    .name("conjunct_broker_hanging_transactions_aborted")
                    .help("Transactions of an earlier process that the embedded broker had to end, by partition.")
                    .callback(callback -> callback.call(broker.hangingTransactionsAborted()))
                    .register(registry);
            return new Broker(broker.bootstrap(), 1);
        } catch (IOException e) {
            throw new ConfigurationProblem(e);
        }
    }

    /** Takes the data directory for this process. */
    DataDirectory data(KafkaOptions options) {
        try {
            DataDirectory data = DataDirectory.open(options.data.get());
            node.add(new Component(
                    "data", Stage.FOUNDATION, Optional::empty, data.path().toString(), data::close));
            return data;
        } catch (IOException e) {
            throw new ConfigurationProblem(e);
        }
    }

    /** Starts the correlator and takes it over. */
    Correlator correlator(Broker broker, KafkaOptions kafka, DataDirectory data, EngineOptions engine) {
        starting = Optional.of("starting the correlator");
        Correlator correlator = CorrelatorRole.start(broker, kafka, data, engine, registry);
        node.add(CorrelatorRole.component(correlator));
        return correlator;
    }

    /** Takes over a sidecar that lets clients in, then has it forward; shows what comes in on the admin port. */
    void sidecar(Supplier<SidecarRole> opening) {
        starting = Optional.of("starting the sidecar");
        SidecarRole role = opening.get();
        node.add(role.component());
        admin.ifPresent(AdminStart::want);
        role.forward();
        admin.ifPresent(each -> each.await().intake(role.sidecar()::status));
    }

    /** Takes over what a role starts. */
    void role(String name, Supplier<Component> role) {
        starting = Optional.of("starting the " + name);
        node.add(role.get());
    }

    private List<ComponentState> states() {
        List<ComponentState> states = new ArrayList<>();
        if (node.stopping()) {
            states.add(new ComponentState("node", "", Optional.of("stopping")));
        } else if (starting.isPresent()) {
            states.add(new ComponentState("node", "", starting));
        }
        for (Component each : node.components()) {
            states.add(new ComponentState(
                    each.name(),
                    each.detail(),
                    each.notReady().get(),
                    each.concern().getAsBoolean()));
        }
        return states;
    }
}
