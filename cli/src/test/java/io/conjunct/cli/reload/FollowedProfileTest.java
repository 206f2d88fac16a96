// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.engine.RuleUpdate;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FollowedProfileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final List<IngestProfile> told = new ArrayList<>();

    private FollowedProfile profile() {
        FollowedProfile profile = new FollowedProfile(directory.resolve("followed"));
        profile.to(told::add);
        return profile;
    }

    private static RuleUpdate reading(String revision, String attribute) {
        return new RuleUpdate(revision, 1, 0, List.of(new RuleSource("a.yaml", """
                groups:
                - name: g
                  owner: team
                  signals:
                    level: {measure: max(value), of: metric level, over: 10s, where: {%s: x}}
                  rules:
                  - {alert: High, when: level > 5, tier: ticket}
                """.formatted(attribute))));
    }

    private IngestProfile last() {
        return told.get(told.size() - 1);
    }

    @Test
    void beforeAnyRules_everythingIsKept() {
        assertThat(profile().what()).startsWith("everything");
        assertThat(last().keeps("colour")).isTrue();
    }

    @Test
    void publishedRules_decideWhatIsKept_alsoAfterARestart() {
        FollowedProfile running = profile();
        running.take(reading("r1", "colour"));
        assertThat(last().keeps("colour")).isTrue();
        assertThat(last().keeps("tier")).isFalse();
        running.take(reading("r2", "tier"));
        assertThat(last().keeps("colour")).isFalse();

        FollowedProfile restarted = profile();
        assertThat(restarted.restore()).isTrue();
        assertThat(last().keeps("tier")).isTrue();
        assertThat(last().keeps("colour")).isFalse();
        assertThat(restarted.what()).isEqualTo("what the rules of revision r2 read");
    }

    @Test
    void rulesOfAnotherRelease_changeNothing() {
        FollowedProfile running = profile();
        running.take(reading("r1", "colour"));
        running.take(new RuleUpdate("r2", 2, 0, List.of(new RuleSource("a.yaml", "words of tomorrow: 1"))));
        assertThat(last().keeps("colour")).isTrue();
        assertThat(last().everything()).isFalse();
        assertThat(running.what()).contains("r1");
    }

    @Test
    void damagedFile_isLeftOut() throws IOException {
        Files.writeString(directory.resolve("followed"), "{\"revision\"");
        assertThat(profile().restore()).isFalse();
        assertThat(last().everything()).isTrue();
    }

    @Test
    void everythingAsTold_staysEverything() {
        FollowedProfile profile = profile();
        profile.keepEverything();
        profile.take(reading("r1", "colour"));
        assertThat(last().everything()).isTrue();
        assertThat(directory.resolve("followed")).doesNotExist();
    }
}
