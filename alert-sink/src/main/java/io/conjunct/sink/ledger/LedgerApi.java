// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.ledger;

import io.conjunct.record.Cost;
import io.conjunct.record.LedgerJson;
import io.conjunct.sink.verdict.Hook;
import java.time.ZoneId;

/** {@code GET /api/v1/ledger}: all pages and what was said about them, for {@code conjunct report}. */
public final class LedgerApi implements Hook {
    private final PageBook book;

    public LedgerApi(PageBook book) {
        this.book = book;
    }

    @Override
    public Answer answer(Request request) {
        return request.method().equals("GET")
                ? new Answer(200, LedgerJson.write(book.ledger(Cost.in(ZoneId.of("UTC")))))
                : new Answer(405, "{\"error\":\"only GET\"}");
    }
}
