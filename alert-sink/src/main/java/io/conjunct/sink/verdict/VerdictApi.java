// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.verdict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.LedgerSource;
import io.conjunct.record.MissedIncident;
import io.conjunct.record.Restoration;
import io.conjunct.record.Statement;
import io.conjunct.record.StatementJson;
import io.conjunct.record.Verdict;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code /api/v1/verdicts}. POST takes {@code {"key", "verdict", "by"}}, with {@code of} for a duplicate, {@code major},
 * {@code note}, {@code worked} (a duration such as {@code PT40M}); or {@code {"missed", "rule", "at"}} for an incident nobody was paged for, with the time it began; or {@code {"restore", "by"}}
 * for a rule whose pages its record made tickets. Answers 202 when Kafka has it.
 * GET lists the last {@value #MAX_SHOWN} about the pages of 90 days. It knows nobody: bind the admin port to an address that only those reach who
 * may judge. Bodies must be JSON by their type, so that no web page can send one from a browser unasked.
 */
public final class VerdictApi implements Hook {
    private static final int MAX_SHOWN = 1_000;
    private static final Duration SHOWN = Duration.ofDays(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final VerdictTopic topic;
    private final LedgerSource ledger;
    private final InstantSource clock;

    public VerdictApi(VerdictTopic topic, LedgerSource ledger, InstantSource clock) {
        this.topic = topic;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public Answer answer(Request request) {
        if (request.method().equals("GET")) {
            return ledger.since(clock.millis() - SHOWN.toMillis(), Cost.in(ZoneOffset.UTC))
                    .map(known -> new Answer(200, last(known.verdicts())))
                    .orElseGet(() -> Answer.error(503, "the ledger is not open here yet; try again"));
        }
        if (!request.method().equals("POST")) {
            return Answer.error(405, "only GET and POST");
        }
        if (!request.header("content-type").startsWith("application/json")) {
            return Answer.error(415, "Content-Type: expected application/json");
        }
        Statement statement;
        try {
            statement = read(JSON.readTree(request.body()));
        } catch (LedgerClosedException e) {
            return Answer.error(503, "the ledger is being opened; try again in some seconds");
        } catch (JsonProcessingException e) {
            return Answer.error(400, "not JSON");
        } catch (java.io.IOException | IllegalArgumentException e) {
            return Answer.error(400, String.valueOf(e.getMessage()));
        }
        return topic.append(statement) ? Answer.accepted() : Answer.error(503, "Kafka does not take it; try again");
    }

    private static String last(List<Verdict> all) {
        return all.subList(Math.max(0, all.size() - MAX_SHOWN), all.size()).stream()
                .map(StatementJson::write)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static long began(JsonNode body, long now) {
        String text = body.path("at").asText();
        try {
            long at = text.isEmpty() ? now : Instant.parse(text).toEpochMilli();
            if (at > now) {
                throw new IllegalArgumentException("at: " + text + " is not over yet");
            }
            return at;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("at: " + text + " (expected: such as 2026-11-20T03:12:00Z)", e);
        }
    }

    private static Optional<Duration> worked(JsonNode body) {
        String text = body.path("worked").asText();
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Duration.parse(text));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("worked: " + text + " (expected: such as PT40M)", e);
        }
    }

    /** Nobody can say yet whether a rule is demoted. */
    private static final class LedgerClosedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A mistyped name must not look like success. */
    private Restoration restoration(Restoration restoration) {
        long now = restoration.atMillis();
        Ledger known =
                ledger.since(now - SHOWN.toMillis(), Cost.in(ZoneOffset.UTC)).orElseThrow(LedgerClosedException::new);
        if (known.demotion(restoration.rule(), now).isEmpty()) {
            List<String> demoted = known.rules().stream()
                    .filter(rule -> known.demotion(rule, now).isPresent())
                    .toList();
            throw new IllegalArgumentException("restore: " + restoration.rule() + " is not demoted (demoted now: "
                    + (demoted.isEmpty() ? "none" : String.join(", ", demoted)) + ")");
        }
        return restoration;
    }

    private Statement read(JsonNode body) {
        long now = clock.millis();
        if (body.has("missed")) {
            String id = body.path("missed").asText();
            if (id.isBlank() || id.length() > Verdict.MAX_TEXT) {
                throw new IllegalArgumentException("missed: expected a name for the incident");
            }
            return new MissedIncident(id, body.path("rule").asText(), began(body, now));
        }
        if (body.has("restore")) {
            return restoration(new Restoration(
                    body.path("restore").asText(), body.path("by").asText(), now));
        }
        boolean command = body.path("source").asText().equals("command");
        return new Verdict(
                body.path("key").asText(),
                Verdict.Kind.of(body.path("verdict").asText()),
                body.path("of").asText(),
                body.path("major").asBoolean(),
                body.path("by").asText(),
                now,
                command ? Verdict.Source.COMMAND : Verdict.Source.API,
                1,
                body.path("note").asText(),
                worked(body));
    }
}
