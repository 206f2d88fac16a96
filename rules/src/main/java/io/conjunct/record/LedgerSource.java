// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import java.util.Optional;

/** Where pages and what was said about them can be read: for reports, the web page and the API. */
@FunctionalInterface
public interface LedgerSource {
    /** What the pages since then are known to be worth; empty while it cannot be read here. */
    Optional<Ledger> since(long millis, Cost cost);
}
