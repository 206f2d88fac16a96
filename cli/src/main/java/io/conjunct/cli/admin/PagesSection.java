// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.admin;

import io.conjunct.cli.html.Html;
import io.conjunct.cli.report.Report;
import io.conjunct.cli.report.ReportHtml;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.LedgerSource;
import io.conjunct.record.Page;
import io.conjunct.record.Verdict;
import io.conjunct.record.Verdict.Kind;
import io.conjunct.sink.verdict.VerdictForm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The part of the page at {@code /} that people come for: the pages of the last {@value #DAYS} days, at most {@value #MOST},
 * with buttons that say what each was, or of which of the {@value #MOST_ORIGINALS} nearest pages it is the duplicate; what to fix first; every rule's record.
 *
 * @param ledger what is known about pages
 * @param token what the form must carry
 */
public record PagesSection(LedgerSource ledger, String token, InstantSource clock) {
    private static final int DAYS = 7;
    private static final int MOST = 50;
    private static final int RECORD_DAYS = 28;
    private static final int MOST_ORIGINALS = 10;
    private static final List<Kind> KINDS = List.of(Kind.INCIDENT, Kind.NOISE, Kind.TEST);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEE d MMM, HH:mm", Locale.ENGLISH);

    void write(Html html, String by) {
        long now = clock.millis();
        ZoneId zone = ZoneId.systemDefault();
        Optional<Ledger> known = ledger.since(now - Duration.ofDays(90).toMillis(), Cost.in(zone));
        if (known.isEmpty()) {
            html.element("h2", "Pages");
            html.element("p", "The ledger is being opened; this takes some seconds after a start.", "class", "soft");
            return;
        }
        Ledger all = known.get();
        Report report = Report.of(all, now, RECORD_DAYS, OptionalLong.empty());
        html.open("form", "method", "post", "action", "/verdict");
        html.empty("input", "type", "hidden", "name", VerdictForm.TOKEN, "value", token);
        pages(html, all, now, zone, by);
        ReportHtml.fixFirst(html, report);
        ReportHtml.demoted(html, report, rule -> button(html, "restore", "restore " + rule, false));
        ReportHtml.everyRule(html, report);
        missed(html);
        html.close();
    }

    private static void pages(Html html, Ledger ledger, long now, ZoneId zone, String by) {
        html.element("h2", "Pages of the last " + DAYS + " days");
        List<Page> pages = ledger.pages().stream()
                .filter(page -> page.told()
                        && page.atMillis() > now - Duration.ofDays(DAYS).toMillis())
                .toList();
        if (pages.isEmpty()) {
            html.element("p", "None. Nobody was woken.", "class", "soft");
            return;
        }
        html.open("p", "class", "soft").text("What was each of them? You are ");
        html.empty("input", "name", "by", "value", by, "placeholder", "your name", "size", "12", "maxlength", "60");
        html.close().open("div", "class", "wide").open("table");
        for (int i = pages.size() - 1; i >= Math.max(0, pages.size() - MOST); i--) {
            page(html, ledger, pages.get(i), originals(ledger, pages, pages.get(i)), zone);
        }
        html.close().close();
        if (pages.size() > MOST) {
            html.element(
                    "p", (pages.size() - MOST) + " more are not shown; conjunct report counts them.", "class", "soft");
        }
    }

    /** The pages nearest in time that a page can repeat: none that is a duplicate itself, or of which nothing was. */
    private static List<Page> originals(Ledger ledger, List<Page> pages, Page page) {
        return pages.stream()
                .filter(other -> !other.episode().equals(page.episode()))
                .filter(other -> ledger.verdict(other)
                        .filter(verdict -> verdict.kind() == Kind.DUPLICATE || verdict.kind() == Kind.TEST)
                        .isEmpty())
                .sorted(Comparator.comparingLong(other -> Math.abs(other.atMillis() - page.atMillis())))
                .limit(MOST_ORIGINALS)
                .toList();
    }

    private static void page(Html html, Ledger ledger, Page page, List<Page> originals, ZoneId zone) {
        Optional<Verdict> said = ledger.verdict(page);
        html.open("tr").element("td", title(page));
        html.element("td", time(page, zone), "class", "when");
        html.element("td", lasted(page), "class", "when").open("td", "class", "buttons");
        for (Kind kind : KINDS) {
            boolean is = said.filter(verdict -> verdict.kind() == kind).isPresent();
            button(html, kind.word(), kind.word() + " " + page.episode(), is);
            html.text(" ");
        }
        if (!originals.isEmpty()) {
            boolean is =
                    said.filter(verdict -> verdict.kind() == Kind.DUPLICATE).isPresent();
            html.open("details", "class", is ? "said" : "").element("summary", "duplicate of…");
            for (Page original : originals) {
                button(
                        html,
                        title(original) + ", " + time(original, zone),
                        Kind.DUPLICATE.word() + " " + page.episode() + " " + original.episode(),
                        said.filter(verdict -> verdict.of().equals(original.episode()))
                                .isPresent());
            }
            html.close();
        }
        html.close();
        html.element("td", said(ledger, page, said), "class", "soft");
        html.close();
    }

    private static void button(Html html, String words, String says, boolean is) {
        html.element("button", words, "name", VerdictForm.SAY, "value", says, "aria-pressed", Boolean.toString(is));
    }

    /** What somebody said about it; what it probably was, where nobody did. */
    private static String said(Ledger ledger, Page page, Optional<Verdict> said) {
        if (said.isPresent()) {
            Verdict verdict = said.get();
            String of = ledger.pages().stream()
                    .filter(other -> other.episode().equals(verdict.of()))
                    .findFirst()
                    .map(original -> " of " + title(original))
                    .orElse("");
            return verdict.kind().word() + of + ", said " + verdict.by();
        }
        return ledger.evidence(page).stream()
                .findFirst()
                .map(verdict -> "probably " + verdict.kind().word() + ": " + verdict.note())
                .orElse("");
    }

    private static String title(Page page) {
        return page.alert().replace("{}", "");
    }

    private static String time(Page page, ZoneId zone) {
        return TIME.format(Instant.ofEpochMilli(page.atMillis()).atZone(zone));
    }

    private static String lasted(Page page) {
        if (page.endMillis().isEmpty()) {
            return "goes on";
        }
        long minutes = Math.max(0, page.endMillis().getAsLong() - page.atMillis()) / 60_000;
        return minutes < 120 ? minutes + " min" : minutes / 60 + " h";
    }

    private static void missed(Html html) {
        html.element("h2", "An incident nobody was paged for");
        html.open("p", "class", "soft").text("It began now, or while the page should have come: ");
        html.empty("input", "name", "missed", "placeholder", "its name, such as INC-7", "maxlength", "200");
        html.text(" which rule should have told? ");
        html.empty("input", "name", "rule", "placeholder", "rule, or empty", "maxlength", "200");
        html.text(" ")
                .element("button", "record it", "name", VerdictForm.SAY, "value", "missed")
                .close();
    }
}
