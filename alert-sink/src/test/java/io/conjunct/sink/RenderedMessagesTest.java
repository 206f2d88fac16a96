// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import io.conjunct.sink.alertmanager.AlertmanagerSettings;
import io.conjunct.sink.fakes.Exchange;
import io.conjunct.sink.fakes.FakeAlertmanager;
import io.conjunct.sink.fakes.FakePagerDuty;
import io.conjunct.sink.fakes.FakeSlack;
import io.conjunct.sink.fakes.Fault;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.message.Message;
import io.conjunct.sink.pagerduty.PagerDutySettings;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.conjunct.sink.receiver.Secret;
import io.conjunct.sink.slack.SlackBotSettings;
import io.conjunct.sink.webhook.WebhookSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/messages.md} shows what is sent, byte for byte. With {@code -Dexamples=write} it is written anew; the picture
 * of Slack's messages is then drawn by Chromium, and the document names the digest of what it was drawn from.
 */
final class RenderedMessagesTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "messages.md");
    private static final Path PICTURE = Path.of("..", "docs", "images", "slack-page.png");
    private static final Path PAGE = Path.of("target", "slack-page.html");
    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- example: ([a-z-]+) -->\\n```[a-z]*\\n(.*?)```\\n", Pattern.DOTALL);
    private static final Pattern DRAWN = Pattern.compile("<!-- drawn from ([0-9a-f]+|nothing) -->");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Bench bench = new Bench(Alerts.clock(), Duration.ofSeconds(10));
    private final FakePagerDuty pagerDuty = FakePagerDuty.start(bench.clock);
    private final FakeSlack slack = FakeSlack.start(bench.clock);
    private final FakeAlertmanager alertmanager = FakeAlertmanager.start(bench.clock);

    @AfterEach
    void close() {
        bench.close();
        pagerDuty.close();
        slack.close();
        alertmanager.close();
    }

    /** As the sink words it when its topics tell all that they can. */
    private static Alert told(State state) {
        return Alerts.alert(
                "checkout",
                state,
                Tier.PAGE,
                Map.of(
                        "summary",
                        "Checkout is slow because its cache is cold",
                        "runbook_url",
                        "https://runbooks.example.com/checkout-cache",
                        "dashboard_url",
                        "https://grafana.example.com/d/checkout",
                        Wording.RECORD,
                        "9 pages, 7 incidents in 28 d",
                        Message.CHANGE,
                        "checkout is on 1.4.2, since 20:51 UTC, 12 min before",
                        Message.TREND + 1,
                        state == State.FIRING ? "▁▁▁▂▁▁▂▁▁▁▂▁▁▁▁▂▁▂▁▁▁▃▄▅▆▇▇███" : "▅▆▇▇█████▇▇█▇▇▇██▇▇▆▅▃▂▁▁▁▁▁▁▁",
                        Message.TREND + 2,
                        state == State.FIRING ? "▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▅▇███████" : "█████████████████▇▆▅▄▃▂▁▁▁▁▁▁▁"));
    }

    private String sent(ReceiverSettings settings, java.util.function.Supplier<List<Exchange>> journal, Alert alert)
            throws Exception {
        int before = journal.get().size();
        io.conjunct.sink.receiver.Receiver receiver = settings.open(bench.around);
        receiver.deliver(alert);
        bench.clock.advance(Duration.ofSeconds(2));
        return journal.get().get(before).body();
    }

    private static String pretty(String json) throws Exception {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(json)) + "\n";
    }

    private Map<String, String> examples() throws Exception {
        Map<String, String> examples = new LinkedHashMap<>();
        Alert late = told(State.FIRING)
                .withAnnotation(Wording.LATE, "fired 21:05:10, resolved 21:15:40, delivered 21:31:05 UTC");
        examples.put("console-page", Message.of(told(State.FIRING)).text() + "\n");
        examples.put("console-end", Message.of(told(State.RESOLVED)).text() + "\n");
        examples.put("console-late", Message.of(late).text() + "\n");
        ReceiverSettings oncall =
                new PagerDutySettings(Endpoint.of(pagerDuty.url()), new Secret("0123456789abcdef0123456789abcdef"));
        examples.put("pagerduty-trigger", pretty(sent(oncall, pagerDuty::journal, told(State.FIRING))));
        examples.put("pagerduty-resolve", pretty(sent(oncall, pagerDuty::journal, told(State.RESOLVED))));
        examples.put(
                "pagerduty-change",
                pretty(sent(
                        oncall,
                        pagerDuty::journal,
                        Alerts.alert(
                                "checkout", State.FIRING, Tier.ANNOTATE, Map.of("summary", "checkout is on 1.4.2")))));
        slack.script(Fault.status(200), 1);
        examples.put(
                "webhook",
                pretty(sent(
                        new WebhookSettings(Endpoint.of(slack.url()), Optional.empty()),
                        slack::journal,
                        told(State.FIRING))));
        examples.put(
                "alertmanager",
                pretty(sent(
                        new AlertmanagerSettings(List.of(Endpoint.of(alertmanager.url())), Optional.empty()),
                        alertmanager::journal,
                        told(State.FIRING))));
        return examples;
    }

    private String slackPage() throws Exception {
        bench.pages.alert(AlertJson.write(Alerts.firing("database")));
        ReceiverSettings bot =
                new SlackBotSettings(Endpoint.of(slack.apiUrl()), new Secret(FakeSlack.TOKEN), FakeSlack.CHANNEL, true);
        return SlackPicture.of(List.of(
                sent(bot, slack::journal, told(State.FIRING)), sent(bot, slack::journal, told(State.RESOLVED))));
    }

    @Test
    void document_showsWhatIsSent() throws Exception {
        Map<String, String> examples = examples();
        String html = slackPage();
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(html.getBytes(StandardCharsets.UTF_8)))
                .substring(0, 16);
        assertThat(pagerDuty.journal()).allMatch(exchange -> exchange.status() == 202);
        assertThat(slack.channel()).hasSize(2);
        if ("write".equals(System.getProperty("examples"))) {
            write(examples, html, digest);
        }
        String document = Files.readString(DOCUMENT);
        Map<String, String> shown = new LinkedHashMap<>();
        Matcher blocks = EXAMPLE.matcher(document);
        while (blocks.find()) {
            shown.put(blocks.group(1), blocks.group(2));
        }
        assertThat(shown).as("write them anew with -Dexamples=write").isEqualTo(examples);
        Matcher drawn = DRAWN.matcher(document);
        assertThat(drawn.find()).isTrue();
        assertThat(drawn.group(1))
                .as("the picture is of another message: draw it anew")
                .isEqualTo(digest);
        assertThat(PICTURE).isNotEmptyFile();
    }

    private static void write(Map<String, String> examples, String html, String digest) throws Exception {
        String document = Files.readString(DOCUMENT);
        for (Map.Entry<String, String> example : examples.entrySet()) {
            document = Pattern.compile(
                            "(<!-- example: " + example.getKey() + " -->\\n```[a-z]*\\n).*?```\\n", Pattern.DOTALL)
                    .matcher(document)
                    .replaceFirst(match -> Matcher.quoteReplacement(match.group(1) + example.getValue() + "```\n"));
        }
        Files.createDirectories(PAGE.toAbsolutePath().getParent());
        Files.createDirectories(PICTURE.getParent());
        Files.writeString(PAGE, html);
        int drawn = new ProcessBuilder(
                        "chromium",
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--hide-scrollbars",
                        "--window-size=860,900",
                        "--screenshot=" + PICTURE.toAbsolutePath().normalize(),
                        PAGE.toUri().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        assertThat(drawn).as("chromium").isZero();
        Files.writeString(DOCUMENT, DRAWN.matcher(document).replaceFirst("<!-- drawn from " + digest + " -->"));
    }
}
