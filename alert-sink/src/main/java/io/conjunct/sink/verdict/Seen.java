// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.verdict;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came in before, by its identity: the last {@value #MAX}. A replay that is older than that is stopped by the age of
 * its signature or is the same statement again, which changes nothing. Safe for several threads.
 */
final class Seen {
    static final int MAX = 10_000;

    private final Map<String, Boolean> last = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX;
        }
    };

    /** Whether it is new; from now on it is not. */
    synchronized boolean add(String identity) {
        return last.put(identity, true) == null;
    }

    /** Takes it back, for it was not kept and will come again. */
    synchronized void forget(String identity) {
        last.remove(identity);
    }
}
