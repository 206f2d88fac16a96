// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.ledger;

import io.conjunct.record.Cost;
import io.conjunct.record.LedgerJson;
import io.conjunct.record.LedgerSource;
import io.conjunct.sink.verdict.Hook;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;

/** {@code GET /api/v1/ledger}: pages of {@value #DAYS} days and what was said about them, for {@code conjunct report}. */
public final class LedgerApi implements Hook {
    static final int DAYS = 400;

    private final LedgerSource ledger;
    private final InstantSource clock;

    public LedgerApi(LedgerSource ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public Answer answer(Request request) {
        if (!request.method().equals("GET")) {
            return Answer.error(405, "only GET");
        }
        long since = clock.millis() - Duration.ofDays(DAYS).toMillis();
        return ledger.since(since, Cost.in(ZoneId.of("UTC")))
                .map(known -> new Answer(200, LedgerJson.write(known)))
                .orElseGet(() -> Answer.error(503, "the ledger is not open here yet; try again"));
    }
}
