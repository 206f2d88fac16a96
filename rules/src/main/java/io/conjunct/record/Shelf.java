// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.LegPages;
import io.conjunct.engine.Store;
import io.conjunct.record.Verdict.Kind;
import io.conjunct.signal.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the ledger's pages and statements lie, so that a rule's are found without reading the others'. A key is one letter
 * for what it is and parts between zero bytes; times are 16 hexadecimal digits, so that their order is that of time.
 *
 * <table>
 *   <caption>Entries</caption>
 *   <tr><td>p episode</td><td>a page, see {@link Drafts}</td></tr>
 *   <tr><td>r rule start episode</td><td>the pages of a rule</td></tr>
 *   <tr><td>s episode time hash</td><td>a verdict</td></tr>
 *   <tr><td>d of episode</td><td>who repeats a page</td></tr>
 *   <tr><td>i incident episode</td><td>the pages of an incident at the provider</td></tr>
 *   <tr><td>m rule time hash</td><td>an incident nobody was paged for</td></tr>
 *   <tr><td>o rule</td><td>its demotions, when it once opted in</td></tr>
 *   <tr><td>u rule time hash</td><td>that a demotion was taken back</td></tr>
 *   <tr><td>l rule day group version</td><td>what a rule's legs alone would have paged</td></tr>
 * </table>
 *
 * A record is computed from the newest {@value #MAX_PAGES} pages of a rule and those linked with them.
 */
final class Shelf {
    static final int MAX_PAGES = 5_000;
    static final long DAY = Duration.ofDays(1).toMillis();

    private static final byte[] NOTHING = {};
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;

    Shelf(Store store) {
        this.store = store;
    }

    /** A rule's pages and all that decides what they were worth. */
    record Extract(Ledger ledger, boolean truncated) {}

    Optional<ObjectNode> page(String episode) {
        byte[] stored = store.get(key("p", episode));
        return stored == null ? Optional.empty() : Optional.of(Drafts.read(stored));
    }

    void page(String episode, ObjectNode draft) {
        store.put(key("p", episode), Drafts.write(draft));
        if (draft.has("rule")) {
            store.put(
                    key(
                            "r",
                            draft.path("rule").asText(),
                            time(draft.path("start").asLong()),
                            episode),
                    NOTHING);
        }
        if (draft.has("incident")) {
            store.put(key("i", draft.path("incident").asText(), episode), NOTHING);
        }
    }

    void verdict(Verdict verdict) {
        String json = StatementJson.write(verdict);
        store.put(key("s", verdict.episode(), time(verdict.atMillis()), Fingerprint.of(json)), bytes(json));
        if (verdict.kind() == Kind.DUPLICATE && !verdict.of().isEmpty()) {
            store.put(key("d", verdict.of(), verdict.episode()), NOTHING);
        }
    }

    void missed(MissedIncident incident) {
        String json = StatementJson.write(incident);
        store.put(key("m", incident.rule(), time(incident.atMillis()), Fingerprint.of(json)), bytes(json));
    }

    void restoration(Restoration restoration) {
        String json = StatementJson.write(restoration);
        store.put(key("u", restoration.rule(), time(restoration.atMillis()), Fingerprint.of(json)), bytes(json));
    }

    /** Of a rule, in their order. */
    List<Restoration> restorations(String rule) {
        List<Restoration> restorations = new ArrayList<>();
        store.scan(key("u", rule, ""), (key, value) -> restorations.add((Restoration) statement(value)));
        return restorations;
    }

    void legs(LegPages pages) {
        store.put(
                key("l", pages.rule(), time(pages.dayMillis()), pages.group(), pages.version()), bytes(pages.write()));
    }

    /** One named value. */
    Optional<String> note(String name) {
        return Optional.ofNullable(store.get(key("t", name))).map(Shelf::text);
    }

    void note(String name, String value) {
        store.put(key("t", name), bytes(value));
    }

    /** Whether the rule once let its track record demote it. */
    boolean demotable(String rule) {
        return store.get(key("o", rule)) != null;
    }

    /** What its track record made tickets, in the order in which it came about. */
    void demotions(String rule, List<Demotion> demotions) {
        ArrayNode array = JSON.createArrayNode();
        demotions.forEach(each -> each.write(array.addObject()));
        store.put(key("o", rule), bytes(array.toString()));
    }

    /** Of all rules. */
    List<Demotion> demotions() {
        List<Demotion> demotions = new ArrayList<>();
        store.scan(key("o", ""), (key, value) -> {
            try {
                JSON.readTree(value).forEach(each -> demotions.add(Demotion.read(each)));
            } catch (IOException e) {
                throw new UncheckedIOException("damaged demotion", e);
            }
        });
        return demotions;
    }

    /** All rules of which anything is known, in their order. */
    Set<String> rules() {
        Set<String> rules = new TreeSet<>();
        for (String letter : List.of("r", "m", "l")) {
            store.scan(key(letter, ""), (key, value) -> rules.add(part(key, 1)));
        }
        rules.remove("");
        return rules;
    }

    /** The rules whose records this episode has a part in. */
    Set<String> rulesAround(String episode) {
        Set<String> rules = new TreeSet<>();
        for (String each : linked(List.of(episode))) {
            page(each)
                    .map(draft -> draft.path("rule").asText())
                    .filter(rule -> !rule.isEmpty())
                    .ifPresent(rules::add);
        }
        return rules;
    }

    /** What is known about a rule since then. */
    Extract extract(String rule, long sinceMillis, Cost cost) {
        List<String> own = new ArrayList<>();
        store.scan(key("r", rule, ""), (key, value) -> {
            if (Long.parseUnsignedLong(part(key, 2), 16) >= sinceMillis) {
                own.add(part(key, 3));
            }
        });
        boolean truncated = own.size() > MAX_PAGES;
        Set<String> episodes = linked(truncated ? own.subList(own.size() - MAX_PAGES, own.size()) : own);
        List<MissedIncident> missed = new ArrayList<>();
        store.scan(key("m", rule, ""), (key, value) -> missed.add((MissedIncident) statement(value)));
        return new Extract(ledger(episodes, missed, legs(rule), cost), truncated);
    }

    /** Everything since then, for reports. */
    Ledger all(long sinceMillis, Cost cost) {
        Set<String> episodes = new HashSet<>();
        store.scan(key("r", ""), (key, value) -> {
            if (Long.parseUnsignedLong(part(key, 2), 16) >= sinceMillis) {
                episodes.add(part(key, 3));
            }
        });
        List<MissedIncident> missed = new ArrayList<>();
        store.scan(key("m", ""), (key, value) -> missed.add((MissedIncident) statement(value)));
        List<LegPages> legs = new ArrayList<>();
        store.scan(key("l", ""), (key, value) -> legs.add(legPages(value)));
        return ledger(linked(episodes), missed, legs, cost);
    }

    /** Forgets a rule's pages from before then. */
    void forget(String rule, long beforeMillis) {
        Map<byte[], String> old = new HashMap<>();
        store.scan(key("r", rule, ""), (key, value) -> {
            if (Long.parseUnsignedLong(part(key, 2), 16) < beforeMillis) {
                old.put(key, part(key, 3));
            }
        });
        old.forEach((key, episode) -> {
            List<byte[]> more = new ArrayList<>(List.of(key, key("p", episode)));
            store.scan(key("s", episode, ""), (said, value) -> more.add(said));
            store.scan(key("d", episode, ""), (repeated, value) -> more.add(repeated));
            page(episode)
                    .filter(draft -> draft.has("incident"))
                    .ifPresent(draft -> more.add(key("i", draft.path("incident").asText(), episode)));
            more.forEach(store::delete);
        });
        List<byte[]> dated = new ArrayList<>();
        for (String letter : List.of("l", "u")) {
            store.scan(key(letter, rule, ""), (key, value) -> {
                if (Long.parseUnsignedLong(part(key, 2), 16) < beforeMillis) {
                    dated.add(key);
                }
            });
        }
        dated.forEach(store::delete);
    }

    private List<LegPages> legs(String rule) {
        List<LegPages> legs = new ArrayList<>();
        store.scan(key("l", rule, ""), (key, value) -> legs.add(legPages(value)));
        return legs;
    }

    private Ledger ledger(Set<String> episodes, List<MissedIncident> missed, List<LegPages> legs, Cost cost) {
        List<Page> pages = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        for (String episode : episodes) {
            page(episode).flatMap(draft -> Drafts.page(episode, draft)).ifPresent(pages::add);
            verdicts.addAll(verdicts(episode));
        }
        return new Ledger(pages, verdicts, missed, legs, cost);
    }

    private List<Verdict> verdicts(String episode) {
        List<Verdict> verdicts = new ArrayList<>();
        store.scan(key("s", episode, ""), (key, value) -> verdicts.add((Verdict) statement(value)));
        return verdicts;
    }

    /** With these all that are of the same incident or repeat each other, at most twice {@value #MAX_PAGES} more. */
    private Set<String> linked(Iterable<String> episodes) {
        Set<String> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        episodes.forEach(episode -> {
            found.add(episode);
            open.add(episode);
        });
        int limit = found.size() + 2 * MAX_PAGES;
        while (!open.isEmpty() && found.size() < limit) {
            String episode = open.remove();
            Set<String> near = new TreeSet<>();
            page(episode).filter(draft -> draft.has("incident")).ifPresent(draft -> {
                String incident = draft.path("incident").asText();
                store.scan(key("i", incident, ""), (key, value) -> near.add(part(key, 2)));
            });
            store.scan(key("d", episode, ""), (key, value) -> near.add(part(key, 2)));
            verdicts(episode).stream()
                    .map(Verdict::of)
                    .filter(of -> !of.isEmpty())
                    .forEach(near::add);
            near.stream().filter(found::add).forEach(open::add);
        }
        return found;
    }

    private static Statement statement(byte[] stored) {
        try {
            return StatementJson.read(text(stored));
        } catch (IOException e) {
            throw new UncheckedIOException("damaged statement", e);
        }
    }

    private static LegPages legPages(byte[] stored) {
        try {
            return LegPages.read(text(stored));
        } catch (IOException e) {
            throw new UncheckedIOException("damaged counts", e);
        }
    }

    private static String time(long millis) {
        return String.format(Locale.ROOT, "%016x", millis);
    }

    /** An empty last part makes a prefix. */
    private static byte[] key(String letter, String... parts) {
        StringBuilder key = new StringBuilder(letter);
        for (String part : parts) {
            key.append('\0').append(part.replace('\0', ' '));
        }
        return bytes(key.toString());
    }

    private static String part(byte[] key, int index) {
        return text(key).split("\0", -1)[index];
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
