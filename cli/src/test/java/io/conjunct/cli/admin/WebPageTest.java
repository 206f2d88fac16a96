// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.conjunct.alert.LegPages;
import io.conjunct.alert.Tier;
import io.conjunct.record.Cost;
import io.conjunct.record.Demotion;
import io.conjunct.record.Ledger;
import io.conjunct.record.LedgerJson;
import io.conjunct.record.LedgerSource;
import io.conjunct.record.Page;
import io.conjunct.record.Restoration;
import io.conjunct.record.StatementJson;
import io.conjunct.record.Verdict;
import io.conjunct.record.Verdict.Kind;
import io.conjunct.record.Verdict.Source;
import io.conjunct.sink.verdict.VerdictForm;
import io.conjunct.sink.verdict.VerdictTopic;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page at {@code /} in a real browser: read, judged by buttons, and out of reach of other pages. */
@Tag("browser")
final class WebPageTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final MockProducer<String, String> kafka =
            new MockProducer<>(true, null, new StringSerializer(), new StringSerializer());
    private final List<Page> pages = new ArrayList<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private Optional<Demotion> demotion = Optional.empty();

    @TempDir
    Path directory;

    private AdminServer admin;
    private Browser browser;

    @BeforeEach
    void open() throws IOException {
        InstantSource clock = InstantSource.fixed(NOW);
        rule("ReadApiCachePathSlow", 9, 2);
        rule("DiskAlmostFull", 6, 6);
        rule("QueueDepth", 2, 1);
        pages.add(page("CheckoutFails{region=eu}", "v1:open", NOW.toEpochMilli() - 600_000, OptionalLong.empty()));
        pages.add(shortPage("OrdersFail{region=eu}", "v1:short", NOW.toEpochMilli() - 480_000));
        LedgerSource source = (since, cost) -> Optional.of(ledger(cost));
        admin = AdminServer.start(
                "127.0.0.1",
                0,
                new PrometheusRegistry(),
                () -> List.of(
                        new ComponentState("broker", "embedded, 127.0.0.1:9092", Optional.empty()),
                        new ComponentState("sink", "to oncall, team", Optional.empty())),
                "0.1.0");
        admin.show(new PagesSection(source, "secret", clock));
        admin.accept("/verdict", new VerdictForm(new VerdictTopic(kafka, "verdicts"), "secret", clock));
        browser = new Browser(directory);
    }

    @AfterEach
    void close() throws IOException {
        browser.close();
        admin.close();
    }

    /** Judged ones, the noise first. */
    private void rule(String rule, int count, int noise) {
        for (int i = 0; i < count; i++) {
            long at = NOW.toEpochMilli() - (count - i) * DAY / 2;
            String episode = "v1:" + rule + i;
            pages.add(page(rule + "{}", episode, at, OptionalLong.of(at + (7 + i) * 60_000L)));
            verdicts.add(Verdict.said(
                    episode, i < noise ? Kind.NOISE : Kind.INCIDENT, "", "ada", at + 600_000, Source.SLACK));
        }
    }

    private static Page page(String alert, String episode, long at, OptionalLong end) {
        String rule = alert.substring(0, alert.indexOf('{'));
        OptionalLong ack = OptionalLong.of(at + 60_000);
        return new Page(episode, alert, rule, "r1", "docs", true, at, at, ack, end, 1, Optional.empty());
    }

    /** Over by itself after two minutes, taken by nobody. */
    private static Page shortPage(String alert, String episode, long at) {
        String rule = alert.substring(0, alert.indexOf('{'));
        return new Page(
                episode,
                alert,
                rule,
                "r1",
                "docs",
                true,
                at,
                at,
                OptionalLong.empty(),
                OptionalLong.of(at + 120_000),
                1,
                Optional.empty(),
                false,
                false,
                true);
    }

    private static List<LegPages> legs() {
        return List.of(new LegPages(
                "ReadApiCachePathSlow",
                "read-api",
                "v1",
                Math.floorDiv(NOW.toEpochMilli(), DAY) * DAY - DAY,
                List.of(new LegPages.Count("hit_p99 > 1000ms", 41), new LegPages.Count("hit_ratio > 80%", 17))));
    }

    /** With a demotion, which is what the ledger itself decides, in its JSON. */
    private Ledger ledger(Cost cost) {
        try {
            ObjectNode told = (ObjectNode)
                    new ObjectMapper().readTree(LedgerJson.write(new Ledger(pages, said(), List.of(), legs(), cost)));
            if (demotion.isPresent()) {
                demotion.get().write(told.withArray("demotions").addObject());
            }
            return LedgerJson.read(told.toString(), cost);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Verdict> said() {
        List<Verdict> all = new ArrayList<>(verdicts);
        kafka.history().forEach(record -> {
            try {
                if (StatementJson.read(record.value()) instanceof Verdict verdict) {
                    all.add(verdict);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return all;
    }

    @Test
    void button_judges_andThePageShowsIt() throws IOException {
        browser.open(admin.url());
        assertThat(browser.text())
                .contains("CheckoutFails{region=eu}", "goes on", "FIX FIRST", "DiskAlmostFull", "demote to ticket")
                .contains("hit_p99 > 1000ms alone 41 pages, hit_ratio > 80% alone 17, together 9");

        browser.type("input[name=by]", "grace");
        browser.click("button[value='noise v1:open']");

        // A click may come back before the page that it leads to.
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(browser.text()).contains("noise, said grace"));
        assertThat(kafka.history()).hasSize(1);
        assertThat(browser.attribute("button[value='noise v1:open']", "aria-pressed"))
                .isEqualTo("true");
        assertThat(browser.attribute("input[name=by]", "value")).isEqualTo("grace");
        browser.screenshot(Path.of("target", "web-page.png"));
    }

    @Test
    void duplicate_isChosenAmongTheOtherPages_andThePageShowsOfWhich() throws IOException {
        browser.open(admin.url());
        assertThat(browser.text()).contains("probably noise: over after 120 s, before anybody took it");

        browser.click("tr:has(button[value='noise v1:short']) summary");
        browser.click("button[value='duplicate v1:short v1:open']");

        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(browser.text())
                        .contains("duplicate of CheckoutFails{region=eu}, said web page")
                        .doesNotContain("probably noise"));
        assertThat(said())
                .last()
                .isEqualTo(Verdict.said(
                        "v1:short", Kind.DUPLICATE, "v1:open", "web page", NOW.toEpochMilli(), Source.WEB));
        browser.click("tr:has(button[value='noise v1:open']) summary");
        browser.screenshot(Path.of("target", "web-page-duplicate.png"));
        assertThat(browser.source())
                .as("no page repeats itself, or one that repeats it")
                .doesNotContain("duplicate v1:open v1:short", "duplicate v1:open v1:open");
    }

    @Test
    void demotedRule_isToldWithItsReason_andRestoredByAButton() throws IOException {
        long at = NOW.toEpochMilli() - DAY / 4;
        pages.add(new Page(
                "v1:ticket",
                "DiskAlmostFull{}",
                "DiskAlmostFull",
                "r1",
                "docs",
                true,
                at,
                at,
                OptionalLong.empty(),
                OptionalLong.of(at + 60_000),
                1,
                Optional.empty(),
                true,
                false,
                true));
        demotion = Optional.of(new Demotion(
                Tier.PAGE, "DiskAlmostFull", "r1", at - 1, at + 28 * DAY, "0 of 6 judged episodes were incidents", ""));
        browser.open(admin.url());
        assertThat(browser.text())
                .contains("DEMOTED BY THEIR RECORD", "0 of 6 judged episodes were incidents; undo: ")
                .contains("It is demoted to ticket until 2026-12-18");
        browser.screenshot(Path.of("target", "web-page-demoted.png"));
        browser.type("input[name=by]", "grace");
        browser.click("button[value='restore DiskAlmostFull']");
        await().untilAsserted(() -> assertThat(kafka.history())
                .singleElement()
                .satisfies(record -> assertThat(StatementJson.read(record.value()))
                        .isEqualTo(new Restoration("DiskAlmostFull", "grace", NOW.toEpochMilli()))));
    }

    @Test
    void foreignPage_cannotPressAButton() throws IOException {
        HttpServer foreign = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        foreign.createContext("/", exchange -> {
            byte[] html = ("<form method=post action='" + admin.url() + "verdict'><input name=token value=secret>"
                            + "<button name=say value='noise v1:open'>a prize</button></form>")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, html.length);
            exchange.getResponseBody().write(html);
            exchange.close();
        });
        foreign.start();
        try {
            browser.open("http://127.0.0.1:" + foreign.getAddress().getPort() + "/");
            browser.click("button");
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(browser.text()).contains("not from our own page"));
            assertThat(kafka.history()).isEmpty();
        } finally {
            foreign.stop(0);
        }
    }
}
