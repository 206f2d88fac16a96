// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.receiver;

import static java.util.Objects.requireNonNull;

import io.conjunct.sink.http.Outbound;
import io.conjunct.sink.message.RecentPages;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What receivers share: the way out, the console, the clock, the last pages, and one pace per provider key. */
public final class Surroundings {
    private final Outbound http;
    private final PrintStream console;
    private final InstantSource clock;
    private final RecentPages pages;
    /** Grows only while receivers are made: at most one per receiver of the file. */
    private final ConcurrentMap<Secret, Pace> paces = new ConcurrentHashMap<>();

    /** Where no page was sent lately. */
    public Surroundings(Outbound http, PrintStream console, InstantSource clock) {
        this(http, console, clock, new RecentPages());
    }

    public Surroundings(Outbound http, PrintStream console, InstantSource clock, RecentPages pages) {
        this.pages = requireNonNull(pages, "pages");
        this.http = requireNonNull(http, "http");
        this.console = requireNonNull(console, "console");
        this.clock = requireNonNull(clock, "clock");
    }

    public Outbound http() {
        return http;
    }

    public PrintStream console() {
        return console;
    }

    public InstantSource clock() {
        return clock;
    }

    /** Of which a page may be the duplicate. */
    public RecentPages pages() {
        return pages;
    }

    /** The pace of everything sent with this key: receivers with the same key share it. */
    public Pace pace(Secret key, int calls, Duration window) {
        return paces.computeIfAbsent(key, unused -> new Pace(calls, window));
    }
}
