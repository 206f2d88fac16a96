// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.engine.RuleText;
import io.conjunct.rule.RuleGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A made-up test is one that a user can put beside the rule, and it passes. */
final class TestDraftTest {
    private static final String RULES = """
            groups:
            - name: shop
              owner: team
              signals:
                slow:   {measure: p99(duration), of: span, where: {service.name: shop}, over: 2m, by: [cloud.region]}
                warm:   {measure: ratio(cache.hit = true), of: span, where: {span.name: RedisGET}, over: 5m}
                lag:    {measure: max(value), of: metric db.lag, unit: s, over: 1m}
                orders: {measure: count, of: event order.placed, over: 5m}
              rules:
              - alert: Slow
                when: %s
                on: [cloud.region]
                for: 1m
                tier: page
                single_signal: "what is made up is not a page"
                annotations: {summary: "s", runbook_url: "https://runbooks.example.com/s"}
            """;

    @TempDir
    Path directory;

    private static Optional<List<String>> draft(String when) {
        RuleGroup group = RuleText.load(RULES.formatted(when)).groups().get(0);
        return TestDraft.of(group, group.rules().get(0), "shop.yaml", Duration.ofSeconds(10));
    }

    private void assertPasses(String when) throws IOException {
        Files.writeString(directory.resolve("shop.yaml"), RULES.formatted(when));
        Path test = Files.write(directory.resolve("shop.test.yaml"), draft(when).orElseThrow());
        Suite suite = Suite.run(List.of(test));
        assertThat(suite.end()).as("%s", Files.readString(test)).isEqualTo(Suite.End.PASSED);
        assertThat(suite.tests()).isEqualTo(2);
    }

    @Test
    void percentileAndShare_haveTestsThatPass() throws IOException {
        assertPasses("slow > 300ms AND warm > 80%");
    }

    @Test
    void percentileAndFallingShareAndExtreme_haveTestsThatPass() throws IOException {
        assertPasses("slow > 300ms AND warm < 50% AND lag > 3s");
    }

    @Test
    void whatCannotBeMadeUp_isNot() {
        assertThat(draft("slow > 300ms AND orders > 3")).isEmpty();
        assertThat(draft("slow > 300ms OR lag > 3s")).isEmpty();
    }
}
