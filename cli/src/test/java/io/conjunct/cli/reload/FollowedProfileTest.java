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
import java.util.Set;
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

    /** What nobody could have made of the rules: who has it has not read them. */
    private static final KeptProfile.Made PLANTED =
            new KeptProfile.Made("r0", IngestProfile.keepOnly(Set.of("planted"), Set.of()));

    private void plant(String name, List<RuleSource> files) {
        new KeptProfile(directory.resolve(name)).keep(files, PLANTED);
    }

    @Test
    void restart_withTheSameRules_doesNotReadThem() {
        RuleUpdate update = reading("r1", "colour");
        profile().take(update);
        assertThat(directory.resolve("followed.profile")).exists();
        plant("followed.profile", update.files());

        FollowedProfile restarted = profile();
        assertThat(restarted.restore()).isTrue();
        assertThat(last()).isEqualTo(PLANTED.profile());
        assertThat(restarted.what()).isEqualTo("what the rules of revision r1 read");
    }

    @Test
    void restart_withAProfileOfOtherRules_readsThem() {
        profile().take(reading("r1", "colour"));
        plant("followed.profile", reading("r1", "tier").files());

        assertThat(profile().restore()).isTrue();
        assertThat(last().keeps("colour")).isTrue();
        assertThat(last().keeps("planted")).isFalse();
    }

    @Test
    void restart_withADamagedProfile_readsTheRules() throws IOException {
        profile().take(reading("r1", "colour"));
        Files.writeString(directory.resolve("followed.profile"), "not a profile at all");

        assertThat(profile().restore()).isTrue();
        assertThat(last().keeps("colour")).isTrue();
        assertThat(last().keeps("tier")).isFalse();
    }

    private Path rules(String text) throws IOException {
        Path rules = Files.createDirectories(directory.resolve("rules"));
        Files.writeString(rules.resolve("a.yaml"), text);
        return rules;
    }

    private static String text(String attribute) {
        return reading("", attribute).files().get(0).text();
    }

    private List<RuleSource> found(Path rules, String text) {
        return List.of(new RuleSource(rules.resolve("a.yaml").toString(), text));
    }

    @Test
    void unchangedDirectory_isNotCheckedAgain() throws IOException {
        Path rules = rules(text("colour"));
        assertThat(profile().begin(rules)).isEmpty();
        assertThat(last().keeps("colour")).isTrue();
        assertThat(last().keeps("tier")).isFalse();
        plant("rules.checked.profile", found(rules, text("colour")));

        assertThat(profile().begin(rules)).isEmpty();
        assertThat(last()).isEqualTo(PLANTED.profile());
    }

    @Test
    void changedDirectory_isChecked() throws IOException {
        plant("rules.checked.profile", found(rules(text("colour")), text("colour")));

        assertThat(profile().begin(rules(text("tier")))).isEmpty();
        assertThat(last().keeps("tier")).isTrue();
        assertThat(last().keeps("planted")).isFalse();
    }

    @Test
    void directoryThatBroke_isRefusedWithWhatIsWrong() throws IOException {
        assertThat(profile().begin(rules(text("colour")))).isEmpty();
        String broken = text("colour").replace("when: level > 5", "when: level >");

        assertThat(profile().begin(rules(broken)).orElse("")).contains("a.yaml");
        assertThat(last().everything()).isTrue();
        assertThat(profile().begin(rules(broken))).isPresent();
    }

    @Test
    void directoryWithoutRules_isRefused_thoughItHadSome() throws IOException {
        Path rules = rules(text("colour"));
        assertThat(profile().begin(rules)).isEmpty();
        Files.delete(rules.resolve("a.yaml"));

        assertThat(profile().begin(rules).orElse("")).contains("no rules");
    }

    @Test
    void directory_withWhatWasOnlyFollowed_isChecked() throws IOException {
        String tomorrow = text("colour").replace("tier: ticket", "tier: ticket, tomorrow: 1");
        Path rules = rules(tomorrow);
        profile().take(new RuleUpdate("r1", 1, 0, found(rules, tomorrow)));
        assertThat(last().keeps("colour")).isTrue();

        assertThat(profile().begin(rules).orElse("")).contains("tomorrow");
    }
}
