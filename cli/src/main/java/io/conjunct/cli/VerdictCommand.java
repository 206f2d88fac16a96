// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conjunct verdict}: what a page was worth. */
@Command(
        name = "verdict",
        description = {
            "Say what a page was: incident, noise, duplicate, test or unknown.",
            "With --missed, record an incident nobody was paged for, so that recall is known.",
            "With --restore, take back that a rule's track record made its pages tickets (demote: auto)."
        })
final class VerdictCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "KEY",
            description = "The alert's key, as every delivery shows it.")
    private String key = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "VERDICT",
            description = "incident, noise, duplicate, test or unknown.")
    private String verdict = "";

    @Option(names = "--by", paramLabel = "NAME", description = "Who says so (default: ${DEFAULT-VALUE}).")
    private String by = System.getProperty("user.name", "unknown");

    @Option(names = "--of", paramLabel = "KEY", description = "For a duplicate: the page that told of it first.")
    private String of = "";

    @Option(
            names = "--missed",
            paramLabel = "NAME",
            description = "An incident nobody was paged for, by any name; instead of KEY and VERDICT.")
    private String missed = "";

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "When the missed incident began, ISO 8601 (default: now).")
    private Optional<Instant> at = Optional.empty();

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            description = "For a missed incident: the rule that should have paged.")
    private String rule = "";

    @Option(
            names = "--restore",
            paramLabel = "RULE",
            description = "The rule pages again, and begins anew; instead of KEY and VERDICT.")
    private String restore = "";

    @Option(names = "--major", description = "It was of the highest priorities: its rule is not demoted for 90 days.")
    private boolean major;

    @Option(
            names = "--worked",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The work it took, of all people together, such as 40m; else it is taken from who took the"
                    + " page to its end, at most 2h each.")
    private Optional<Duration> worked = Optional.empty();

    @Option(names = "--note", paramLabel = "TEXT", description = "A few words, kept with it.")
    private String note = "";

    @Mixin
    private final AdminClient admin = new AdminClient();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (missed.isEmpty() && restore.isEmpty() && (key.isEmpty() || verdict.isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(), "expected: KEY VERDICT, or --missed NAME, or --restore RULE");
        }
        AdminClient.Reply reply = admin.post("/api/v1/verdicts", json());
        if (reply.status() == 202) {
            spec.commandLine().getOut().println(taken());
            return Conjunct.EXIT_OK;
        }
        spec.commandLine().getErr().println("conjunct: not taken: " + reply.body());
        return Conjunct.EXIT_USAGE;
    }

    private String taken() {
        if (!restore.isEmpty()) {
            return restore + " pages again";
        }
        return missed.isEmpty() ? verdict + ": " + key : "missed: " + missed;
    }

    private String json() {
        ObjectNode body = new ObjectMapper().createObjectNode();
        if (!restore.isEmpty()) {
            body.put("restore", restore);
        } else if (!missed.isEmpty()) {
            body.put("missed", missed).put("rule", rule);
            at.ifPresent(began -> body.put("at", began.toString()));
        } else {
            body.put("key", key).put("verdict", verdict).put("of", of).put("major", major);
            worked.ifPresent(time -> body.put("worked", time.toString()));
        }
        return body.put("by", by).put("note", note).put("source", "command").toString();
    }
}
