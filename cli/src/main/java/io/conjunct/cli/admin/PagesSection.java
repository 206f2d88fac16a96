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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The part of the page at {@code /} that people come for: the pages of the last {@value #DAYS} days, at most {@value #MOST},
 * with buttons that say what each was; what to fix first; every rule's record.
 *
 * @param ledger what is known about pages
 * @param token what the form must carry
 */
public record PagesSection(LedgerSource ledger, String token, InstantSource clock) {
    private static final int DAYS = 7;
    private static final int MOST = 50;
    private static final int RECORD_DAYS = 28;
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
            page(html, ledger, pages.get(i), zone);
        }
        html.close().close();
        if (pages.size() > MOST) {
            html.element(
                    "p", (pages.size() - MOST) + " more are not shown; conjunct report counts them.", "class", "soft");
        }
    }

    private static void page(Html html, Ledger ledger, Page page, ZoneId zone) {
        Optional<Verdict> said = ledger.verdict(page);
        html.open("tr").element("td", page.alert().replace("{}", ""));
        html.element("td", TIME.format(Instant.ofEpochMilli(page.atMillis()).atZone(zone)));
        html.element("td", lasted(page)).open("td", "class", "buttons");
        for (Kind kind : KINDS) {
            boolean is = said.filter(verdict -> verdict.kind() == kind).isPresent();
            html.element(
                    "button",
                    kind.word(),
                    "name",
                    VerdictForm.SAY,
                    "value",
                    kind.word() + " " + page.episode(),
                    "aria-pressed",
                    Boolean.toString(is));
            html.text(" ");
        }
        html.close();
        html.element(
                "td",
                said.map(verdict -> verdict.kind().word() + ", said " + verdict.by())
                        .orElse(""),
                "class",
                "soft");
        html.close();
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
