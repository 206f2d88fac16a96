// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReceiversFileTest {
    private static final String CANARY = "c4n4ry0000c4n4ry0000c4n4ry0000ab";
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "PD_KEY",
            CANARY,
            "SLACK_URL",
            "https://hooks.slack.com/services/T0/B0/" + CANARY,
            "TOKEN",
            CANARY,
            "SHORT",
            "c4n4ry");

    @TempDir
    Path directory;

    private Receivers load(String yaml) throws IOException, ReceiversFileException {
        Path file = directory.resolve("receivers.yaml");
        Files.writeString(file, yaml);
        return Receivers.load(file, ENVIRONMENT);
    }

    /** The problems, without the directory. */
    private List<String> problems(String yaml) throws IOException {
        try {
            load(yaml);
            return List.of();
        } catch (ReceiversFileException e) {
            assertThat(e.getMessage()).doesNotContain("c4n4ry");
            return e.problems().stream()
                    .map(problem -> problem.replace(directory + "/", ""))
                    .toList();
        }
    }

    @Test
    void file_ofTheDocument_loads() throws Exception {
        String document = Files.readString(Path.of("..", "docs", "receivers.md"));
        String yaml = document.substring(document.indexOf("```yaml\n") + 8, document.indexOf("```\n\nSecrets"));
        Files.writeString(directory.resolve("slack-url"), "https://hooks.slack.com/services/T0/B0/" + CANARY);
        Path file = directory.resolve("receivers.yaml");
        Files.writeString(file, yaml);
        Receivers receivers = Receivers.load(
                file,
                Map.of(
                        "PD_KEY", CANARY,
                        "SLACK_TOKEN", CANARY,
                        "TOOL_TOKEN", CANARY,
                        "SLACK_SIGNING_SECRET", CANARY,
                        "PD_WEBHOOK_SECRET", CANARY));

        assertThat(receivers.byName().keySet()).containsExactly("oncall", "team", "old", "cluster", "tool", "screen");
        assertThat(receivers.receiversOf(Alerts.firing("checkout"))).containsExactly("oncall", "team");
    }

    @Test
    void file_ofABotAndPeers_loadsAndGroups() throws Exception {
        Receivers receivers = load("""
                receivers:
                  bot: {slack: {token: "${env:TOKEN}", channel: C0123456789, buttons: true}}
                  am: {alertmanager: {urls: ["http://am-1:9093", "https://am-2/prefix/"]}}
                routes:
                - {tier: page, to: [bot], group_by: [region, cluster]}
                - {to: [am]}
                allow_hosts: [am-1, am-2]
                """);

        Alert alert = Alerts.firing("checkout");
        assertThat(receivers.groupOf(alert)).isEqualTo("page cluster= region=eu-1");
        assertThat(receivers.groupOf(Alerts.alert("a", State.FIRING, Tier.TICKET)))
                .isEmpty();
        assertThat(requireNonNull(receivers.byName().get("bot")).toString()).doesNotContain("c4n4ry");
        assertThat(requireNonNull(receivers.byName().get("am")).toString())
                .contains("http://am-1:9093", "https://am-2");
    }

    @Test
    void hostOfOneKind_isForThatKindOnly_andHasAnOwner() throws Exception {
        String yaml = """
                receivers:
                  hook: {webhook: {url: "https://alerts.example.com/"}}
                  am: {alertmanager: {urls: ["http://am-1:9093"]}}
                routes: [{to: [hook, am]}]
                allow_hosts:
                - {host: alerts.example.com, for: [%s], owner: team-tools}
                - am-1
                """;
        assertThat(load(yaml.formatted("webhook")).allowedHosts().lists("alerts.example.com"))
                .isTrue();
        assertThat(problems(yaml.formatted("alertmanager")))
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .startsWith("error[receivers/host] receivers.yaml:2:")
                        .contains("host alerts.example.com is in allow_hosts for alertmanager only"));
        assertThat(problems(yaml.formatted("webhok"))).anyMatch(problem -> problem.contains("did you mean `webhook`"));
        assertThat(problems(yaml.formatted("webhook").replace(", owner: team-tools", "")))
                .anyMatch(problem -> problem.startsWith("error[receivers/missing-key] receivers.yaml:6:")
                        && problem.contains("who answers for it"));
    }

    @Test
    void mistakes_ofABotAndPeers_areTold() throws Exception {
        assertThat(problems("""
                receivers:
                  named: {slack: {token: "${env:TOKEN}", channel: "#oncall"}}
                  silent: {slack: {channel: C0123456789}}
                  none: {alertmanager: {urls: []}}
                  stranger: {alertmanager: {urls: ["http://am-1:9093"]}}
                routes:
                - {to: [named, silent, none, stranger]}
                """))
                .hasSize(4)
                .anyMatch(problem -> problem.startsWith("error[receivers/value] receivers.yaml:2:")
                        && problem.contains("channel: expected the channel's identifier, such as C0123456789"))
                .anyMatch(problem -> problem.startsWith("error[receivers/missing-key] receivers.yaml:3:")
                        && problem.contains("token is missing"))
                .anyMatch(problem -> problem.startsWith("error[receivers/missing-key] receivers.yaml:4:")
                        && problem.contains("urls: expected a list of 1 to 8 addresses"))
                .anyMatch(problem -> problem.startsWith("error[receivers/host] receivers.yaml:5:")
                        && problem.contains("host am-1 is not in allow_hosts"));
    }

    @Test
    void file_ofEveryReceiver_loadsAndRoutesByTierOwnerAndLabels() throws Exception {
        Files.writeString(directory.resolve("key"), CANARY + "\n");
        Receivers receivers = load("""
                receivers:
                  oncall: {pagerduty: {routing_key_file: key}}
                  europe: {pagerduty: {routing_key: "${env:PD_KEY}", url: https://events.eu.pagerduty.com}}
                  team: {slack: {webhook_url: "${env:SLACK_URL}"}}
                  hook: {webhook: {url: "https://hooks.example.com/alerts", bearer_token: "${env:TOKEN}"}}
                  out: {console: {format: text}}
                  lines: {console: {}}
                routes:
                  - {tier: page, labels: {region: eu-1, service: checkout}, to: [europe]}
                  - {tier: page, to: [oncall, team]}
                  - {tier: ticket, owner: docs-platform, to: [team]}
                  - tier: ticket
                    owner: team-checkout
                    to:
                      - hook
                      - lines
                  - {to: [out]}
                allow_hosts: [hooks.example.com]
                """);

        assertThat(receivers.receiversOf(Alerts.firing("checkout"))).containsExactly("europe");
        assertThat(receivers.receiversOf(Alerts.firing("cart"))).containsExactly("oncall", "team");
        assertThat(receivers.receiversOf(Alerts.alert("cart", State.FIRING, Tier.TICKET)))
                .containsExactly("hook", "lines");
        assertThat(receivers.receiversOf(Alerts.alert("cart", State.FIRING, Tier.ANNOTATE)))
                .containsExactly("out");
        assertThat(receivers.toString()).doesNotContain("c4n4ry").contains("***", "https://hooks.slack.com");
        SinkSettings settings = SinkSettings.of("localhost:9092", receivers, System.out);
        assertThat(settings.toString()).doesNotContain("c4n4ry");
    }

    @Test
    void mistakes_areToldAllAtOnce_withPlaceAndFix() throws Exception {
        assertThat(problems("""
                        receivers:
                          oncall: {pagerduty: {routing_key: "${env:SHORT}"}}
                          team: {slack: {webhok_url: "${env:SLACK_URL}"}}
                          pager: {pagerdooty: {}}
                          out: {console: {format: txt}}
                          hook: {webhook: {url: "https://nowhere.example.com/x"}}
                          alone: {console: {}}
                        routes:
                          - {tier: pages, to: [oncal]}
                          - {to: [oncall, team, pager, out, hook]}
                          - {too: [out]}
                        alow_hosts: []
                        """))
                .containsExactly(
                        "error[receivers/value] receivers.yaml:2:37: routing_key: 6 characters (expected: 32); copy the"
                                + " integration key of an Events API v2 integration",
                        "error[receivers/missing-key] receivers.yaml:3:17: receivers.team.slack: webhook_url is missing; write"
                                + " webhook_url: \"${env:NAME}\" or webhook_url_file: PATH",
                        "error[receivers/unknown-key] receivers.yaml:3:18: receivers.team.slack: unknown key `webhok_url`; did you"
                                + " mean `webhook_url`? (known here: buttons, webhook_url, webhook_url_file)",
                        "error[receivers/unknown-kind] receivers.yaml:4:11: receivers.pager: unknown kind `pagerdooty`;"
                                + " did you mean `pagerduty`? (known here: alertmanager, console, pagerduty, slack, webhook)",
                        "error[receivers/value] receivers.yaml:5:27: format: txt (expected: json or text); did you mean"
                                + " `text`?",
                        "error[receivers/host] receivers.yaml:6:25: url: host nowhere.example.com is not in allow_hosts;"
                                + " list it there if it may be called",
                        "error[receivers/unused] receivers.yaml:7:3: alone: no route leads here; add it to a route or"
                                + " delete it",
                        "error[receivers/value] receivers.yaml:9:12: tier: pages (expected: page or ticket or annotate);"
                                + " did you mean `page`?",
                        "error[receivers/unknown-receiver] receivers.yaml:9:24: routes[0]: unknown receiver `oncal`; did"
                                + " you mean `oncall`? (known here: alone, hook, oncall, out, pager, team)",
                        "error[receivers/missing-key] receivers.yaml:11:5: to: expected a list of receivers",
                        "error[receivers/unknown-key] receivers.yaml:11:6: routes[2]: unknown key `too`; did you mean"
                                + " `to`? (known here: group_by, labels, owner, tier, to)",
                        "error[receivers/unknown-key] receivers.yaml:12:1: unknown key `alow_hosts`; did you mean"
                                + " `allow_hosts`? (known here: allow_hosts, fallback, hooks, receivers, routes)");
    }

    @Test
    void secrets_writtenIntoTheFile_areRefusedAndNotRepeated() throws Exception {
        assertThat(problems("""
                        receivers:
                          oncall: {pagerduty: {routing_key: %1$s}}
                          team: {slack: {webhook_url: "https://hooks.slack.com/services/%1$s"}}
                          hook: {webhook: {url: "https://user:%1$s@hooks.example.com/", bearer_token: %1$s}}
                          both: {slack: {webhook_url: "${env:SLACK_URL}", webhook_url_file: x}}
                          gone: {slack: {webhook_url: "${env:NOT_SET}"}}
                          file: {slack: {webhook_url_file: missing}}
                          path: {slack: {webhook_url: "${env:TOKEN}"}}
                        routes: [{to: [oncall, team, hook, both, gone, file, path]}]
                        allow_hosts: [hooks.example.com]
                        """.formatted(CANARY)))
                .hasSize(8)
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("error[receivers/literal-secret] receivers.yaml:2:37: routing_key: a secret"))
                .anySatisfy(problem -> assertThat(problem).contains("environment variable NOT_SET is not set; set it"))
                .anySatisfy(problem -> assertThat(problem).contains("file missing cannot be read"))
                .anySatisfy(problem -> assertThat(problem).contains("8:31: webhook_url: not a web address"));
    }

    @Test
    void text_thatIsNotYaml_isToldWithItsPlaceAndNotItsWords() throws Exception {
        assertThat(problems("receivers:\n  oncall: {pagerduty: {routing_key: " + CANARY + "]\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem).startsWith("error[receivers/syntax] receivers.yaml:2:"));
        assertThat(problems("")).singleElement().asString().contains("receivers/empty");
        assertThat(problems("- 1")).singleElement().asString().contains("expected keys and values, found a list");
        assertThat(problems("receivers: {a: {console: {}}, a: {console: {}}}\nroutes: [{to: [a]}]"))
                .containsExactly(
                        "error[receivers/duplicate-key] receivers.yaml:1:31: `a` stands twice, first in line 1;"
                                + " remove or rename one of them");
        assertThat(problems("receivers: {a: {console: *" + CANARY + "}}\nroutes: [{to: [a]}]"))
                .containsExactly("error[receivers/syntax] receivers.yaml:1:26: this is not YAML as it should be; quote"
                        + " the text if it starts with `*`");
        assertThat(problems("receivers: {a: {console: !" + CANARY + " {}}}\nroutes: [{to: [a]}]"))
                .singleElement()
                .asString()
                .startsWith("error[receivers/tag] receivers.yaml:1:26: ");
        assertThat(problems("receivers: {a: {console: {}}}\nroutes: [{to: [a]}]\n---\nx: 1"))
                .containsExactly("error[receivers/syntax] receivers.yaml:3:1: this is not YAML as it should be; put it"
                        + " into a file of its own");
        assertThat(problems("[".repeat(1_500) + "]".repeat(1_500))).isNotEmpty();
    }

    @Test
    void hosts_formsOfPrivateAddresses_needToBeListedLetterByLetter() throws Exception {
        for (String host : List.of(
                "127.0.0.1",
                "2130706433",
                "0177.0.0.1",
                "[::1]",
                "[::ffff:10.0.0.1]",
                "169.254.169.254",
                "localhost")) {
            String yaml = "receivers: {a: {webhook: {url: \"http://" + host + "/\"}}}\nroutes: [{to: [a]}]\n";
            assertThat(problems(yaml)).as(host).isNotEmpty();
            assertThat(problems(yaml + "allow_hosts: [localhost.example.com]"))
                    .as(host)
                    .isNotEmpty();
        }
        load(
                "receivers: {a: {webhook: {url: \"http://127.0.0.1:1/\"}}}\nroutes: [{to: [a]}]\nallow_hosts: [127.0.0.1]");
        load("receivers: {a: {webhook: {url: \"http://[::1]/\"}}}\nroutes: [{to: [a]}]\nallow_hosts: [\"[::1]\"]");
        assertThat(problems("receivers: {a: {pagerduty: {routing_key: \"${env:PD_KEY}\", url:"
                        + " \"http://events.pagerduty.com\"}}}\nroutes: [{to: [a]}]"))
                .singleElement()
                .asString()
                .contains("host events.pagerduty.com without https");
    }

    @Test
    void file_thatIsMissing_isAProblemToo() {
        assertThatThrownBy(() -> Receivers.load(directory.resolve("nothing.yaml")))
                .isInstanceOf(ReceiversFileException.class)
                .hasMessageContaining("cannot be read");
    }
}
