// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.event.Kind;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.rule.RuleSource;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Selector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptProfileTest {
    private static final List<RuleSource> FILES =
            List.of(new RuleSource("a.yaml", "groups: [] # ä"), new RuleSource("b/c.yaml", ""));
    private static final KeptProfile.Made EVERY_PART = new KeptProfile.Made(
            "r1",
            new IngestProfile(
                    false,
                    Set.of("colour", "größe"),
                    Set.of("size"),
                    Optional.of(List.of(
                            new Selector(
                                    Kind.SPAN,
                                    "",
                                    List.of(
                                            new Matcher("span.name", false, List.of("GET /", "POST /"), ""),
                                            new Matcher("http.route", true, List.of(), "/a.*"))),
                            new Selector(Kind.METRIC, "level", List.of()))),
                    Optional.of(Set.of("java.io.IOException"))));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Path file() {
        return directory.resolve("profile");
    }

    private KeptProfile kept() {
        return new KeptProfile(file(), "build 1");
    }

    @Test
    void sameFiles_haveEveryPartAgain() {
        kept().keep(FILES, EVERY_PART);
        assertThat(kept().of(FILES)).contains(EVERY_PART);
    }

    @Test
    void absentParts_areAbsentAgain() {
        KeptProfile.Made all = new KeptProfile.Made("r2", IngestProfile.keepEverything());
        kept().keep(FILES, all);
        assertThat(kept().of(FILES)).contains(all);
        KeptProfile.Made none = new KeptProfile.Made(
                "r3", new IngestProfile(false, Set.of(), Set.of(), Optional.of(List.of()), Optional.of(Set.of())));
        kept().keep(FILES, none);
        assertThat(kept().of(FILES)).contains(none);
    }

    @Test
    void otherFiles_haveNone() {
        kept().keep(FILES, EVERY_PART);
        assertThat(kept().of(FILES.subList(0, 1))).isEmpty();
        assertThat(kept().of(List.of(FILES.get(1), FILES.get(0)))).isEmpty();
        assertThat(kept().of(List.of(new RuleSource("a.yaml", "groups: [] # b"), FILES.get(1))))
                .isEmpty();
        assertThat(kept().of(List.of(new RuleSource("b.yaml", FILES.get(0).text()), FILES.get(1))))
                .isEmpty();
        assertThat(kept().of(List.of())).isEmpty();
    }

    @Test
    void otherBuild_hasNone() {
        kept().keep(FILES, EVERY_PART);
        assertThat(new KeptProfile(file(), "build 2").of(FILES)).isEmpty();
    }

    @Test
    void builds_areTheSameInOneProgram() {
        new KeptProfile(file()).keep(FILES, EVERY_PART);
        assertThat(new KeptProfile(file()).of(FILES)).contains(EVERY_PART);
    }

    /** Not every byte, because each writes a line to the log. */
    private static final int STEP = 7;

    @Test
    void damagedByte_isNoticed_whereverItIs() throws IOException {
        kept().keep(FILES, EVERY_PART);
        byte[] good = Files.readAllBytes(file());
        for (int i = 0; i < good.length; i += STEP) {
            byte[] damaged = good.clone();
            damaged[i] ^= 0x20;
            Files.write(file(), damaged);
            assertThat(kept().of(FILES)).as("byte %d", i).isEmpty();
        }
    }

    @Test
    void cutFile_isNoticed_whereverItEnds() throws IOException {
        kept().keep(FILES, EVERY_PART);
        byte[] good = Files.readAllBytes(file());
        for (int length = 0; length < good.length; length += STEP) {
            Files.write(file(), Arrays.copyOf(good, length));
            assertThat(kept().of(FILES)).as("%d bytes", length).isEmpty();
        }
    }

    @Test
    void unwritableFile_isDoneWithout() throws IOException {
        KeptProfile nowhere = new KeptProfile(directory.resolve("missing").resolve("profile"), "build 1");
        nowhere.keep(FILES, EVERY_PART);
        assertThat(nowhere.of(FILES)).isEmpty();
    }
}
