// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The last {@value #MAX} pages, of which a new one may be the duplicate. Safe for several threads. */
public final class RecentPages {
    static final int MAX = 10;

    /**
     * A page.
     *
     * @param key of its episode
     * @param title what it said
     */
    public record Page(String key, String title) {}

    private final Deque<Page> pages = new ArrayDeque<>();

    /** A value of the alerts topic; what is no alert is passed over. */
    public synchronized void alert(String json) {
        try {
            Alert alert = AlertJson.read(json);
            if (alert.tier() == Tier.PAGE
                    && alert.state() == State.FIRING
                    && !alert.shadow()
                    && alert.muted().isEmpty()) {
                pages.addLast(new Page(alert.episode(), Message.of(alert).headline()));
                if (pages.size() > MAX) {
                    pages.removeFirst();
                }
            }
        } catch (IOException e) {
            // The loop counts it: it reads the same topic.
            return;
        }
    }

    /** All but this one, newest first. */
    public synchronized List<Page> besides(String key) {
        List<Page> others = new ArrayList<>();
        for (Iterator<Page> newest = pages.descendingIterator(); newest.hasNext(); ) {
            Page page = newest.next();
            if (!page.key().equals(key)) {
                others.add(page);
            }
        }
        return others;
    }
}
