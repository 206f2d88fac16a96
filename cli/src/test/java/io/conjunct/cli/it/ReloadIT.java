// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.sink.fakes.FakePagerDuty;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R1 on the whole product, under load, while an alert fires: a broken file changes nothing but what is told of it. */
final class ReloadIT {
    private static final String SERVICE = "reloaded";
    private static final String GOOD = CachePathRules.of(SERVICE);
    private static final String BROKEN = GOOD.replace("hit_ratio > 80%", "hit_ratoi > 80%");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void brokenFile_whileFiring_isTold_andChangesNothing_alsoOverARestart() throws Exception {
        try (FakePagerDuty pagerDuty = FakePagerDuty.start();
                ConjunctProcess conjunct =
                        new ConjunctProcess(directory).rule("reads.yaml", GOOD).pages(pagerDuty)) {
            conjunct.startAndAwaitReady();
            String revision = revision(conjunct);
            try (PersistentClient client = PersistentClient.start(conjunct, SERVICE)) {
                PagedOnce paged = new PagedOnce(conjunct, pagerDuty, SERVICE);
                client.slow(true);
                paged.awaitFiring();

                conjunct.rule("reads.yaml", BROKEN);
                awaitSuccessful(conjunct, 0);
                assertThat(conjunct.readyz()).contains(revision, "REFUSED", "`hit_ratoi` is not a signal");
                assertThat(conjunct.stderr()).contains("^^^^^^^^^ did you mean `hit_ratio`?");
                assertThat(conjunct.reload().statusCode()).isEqualTo(422);

                assertThat(conjunct.terminate()).isZero();
                conjunct.startAndAwaitReady();
                assertThat(conjunct.readyz()).contains(revision, "REFUSED");

                // An annotation is no other condition: nobody is paged again.
                conjunct.rule("reads.yaml", GOOD.replace("the cache is warm", "the cache is quite warm"));
                conjunct.hangUp();
                awaitSuccessful(conjunct, 1);
                await().atMost(ConjunctProcess.PATIENCE)
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> !revision(conjunct).equals(revision));
                assertThat(conjunct.reload().body()).contains("\"unchanged\"");

                client.awaitAcknowledged();
                client.slow(false);
                paged.awaitResolved();
                paged.assertOnePage();
                assertThat(client.finish()).isPositive();
            }
        }
    }

    private static void awaitSuccessful(ConjunctProcess conjunct, double value) {
        await().atMost(ConjunctProcess.PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(conjunct.metric("conjunct_rules_last_reload_successful"))
                        .hasValue(value));
    }

    /** That of the rules that are published. */
    private static String revision(ConjunctProcess conjunct) throws Exception {
        String ready = conjunct.readyz();
        int begin = ready.lastIndexOf("\"revision ") + "\"revision ".length();
        return ready.substring(begin, begin + 12);
    }
}
