// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import io.conjunct.rule.RuleLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks twice a second whether rule files are other than they were, and has them read once they have been still for a
 * second: a file that is being written is left alone.
 */
public final class RuleWatch implements AutoCloseable {
    static final Duration PERIOD = Duration.ofMillis(500);
    /** Looks without a change before files are read. */
    private static final int STILL = 2;
    /** Looks between two tries to reach Kafka. */
    private static final int RETRY = 10;

    private static final Logger LOG = LoggerFactory.getLogger(RuleWatch.class);

    private final Path directory;
    private final RuleReload reload;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "rule-watch");
        thread.setDaemon(true);
        return thread;
    });
    private Map<Path, String> read;
    private Map<Path, String> seen;
    private int still;
    private int sinceFailure;

    private RuleWatch(Path directory, RuleReload reload) {
        this.directory = directory;
        this.reload = reload;
        // What was read before the first look may have changed meanwhile; reading it again does no harm.
        this.read = Map.of();
        this.seen = look(directory);
    }

    /** Watches from now on. */
    public static RuleWatch start(Path directory, RuleReload reload) {
        RuleWatch watch = new RuleWatch(directory, reload);
        var unused = watch.timer.scheduleWithFixedDelay(
                watch::tick, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    private void tick() {
        try {
            Map<Path, String> now = look(directory);
            still = now.equals(seen) ? still + 1 : 0;
            seen = now;
            boolean changed = !now.equals(read) && still >= STILL;
            boolean again = reload.last()
                            .filter(a -> a.result() == Attempt.Result.FAILED)
                            .isPresent()
                    && ++sinceFailure >= RETRY;
            if (changed || again) {
                read = now;
                sinceFailure = 0;
                reload.reload();
            }
        } catch (RuntimeException e) {
            // The next look is as good as this one.
            LOG.warn("the rules in {} could not be looked at: {}", directory, e.toString());
        }
    }

    private static Map<Path, String> look(Path directory) {
        return FileLook.at(directory, RuleLoader::isRuleFile);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
