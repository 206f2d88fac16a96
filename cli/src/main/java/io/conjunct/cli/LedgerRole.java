// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.Component.Stage;
import io.conjunct.cli.admin.PagesSection;
import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.correlate.LedgerKeeper;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.LedgerSource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** The ledger as a part of a node: what pages were worth. Nobody waits for it, so it starts last and is read when open. */
final class LedgerRole implements LedgerSource {
    private static final int REPLICATION = 3;

    private volatile LedgerSource keeper = (since, cost) -> Optional.empty();

    private final String formToken = token();

    private static String token() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** What the web page's form must carry: new with every start. */
    String formToken() {
        return formToken;
    }

    /** What the web page shows. */
    PagesSection section() {
        return new PagesSection(this, formToken, InstantSource.system());
    }

    Component start(NodeStart.Broker broker, KafkaOptions kafka, DataDirectory data, PrometheusRegistry registry) {
        LedgerKeeper started = LedgerKeeper.start(
                new LedgerKeeper.Settings(
                        broker.bootstrap(),
                        kafka.topicPrefix.get(),
                        data.path().resolve("state"),
                        Math.min(REPLICATION, broker.nodes()),
                        kafka.embedded(),
                        Cost.in(ZoneOffset.UTC),
                        Map.of()),
                registry);
        keeper = started;
        return new Component("ledger", Stage.DELIVERY, started::notReady, "", started::close);
    }

    @Override
    public Optional<Ledger> since(long millis, Cost cost) {
        return keeper.since(millis, cost);
    }
}
