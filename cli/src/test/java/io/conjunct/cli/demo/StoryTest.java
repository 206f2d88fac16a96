// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The judge, against an invented engine that reacts 9 s after the service changed. No real time passes. */
class StoryTest {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    @Test
    void tell_whenTheEngineDoesItsWork_isAsTold() throws IOException {
        Story.Result result = tell(new Engine(false, true));
        assertThat(result.deviations()).isEmpty();
        assertThat(result.pages()).isEqualTo(1);
        assertThat(result.slowStretches()).isEqualTo(2);
        assertThat(text.toString(StandardCharsets.UTF_8))
                .contains("Only one leg held for long: weather. Nobody was paged.")
                .isASCII();
    }

    @Test
    void tell_whenTheWeatherPages_isNot() throws IOException {
        Story.Result result = tell(new Engine(true, true));
        assertThat(result.asTold()).isFalse();
        assertThat(result.deviations()).anyMatch(each -> each.contains("1 pages during the weather"));
    }

    @Test
    void tell_whenThePageNeverResolves_isNot() throws IOException {
        Story.Result result = tell(new Engine(false, false));
        assertThat(result.deviations()).containsExactly("the page did not resolve within 60 s");
    }

    private Story.Result tell(Engine engine) throws IOException {
        Narrator narrator =
                new Narrator(new PrintStream(text, true, StandardCharsets.UTF_8), false, false, () -> engine.now);
        return new Story(engine, engine::value, engine::poll, narrator, () -> engine.now).tell();
    }

    private static final class Engine implements Service {
        private static final Duration REACTION = Duration.ofSeconds(9);
        private final boolean pagesForWeather;
        private final boolean resolves;
        private Duration now = Duration.ZERO;
        private Duration changed = Duration.ZERO;
        private Mode mode = Mode.HEALTHY;
        private boolean firing;

        Engine(boolean pagesForWeather, boolean resolves) {
            this.pagesForWeather = pagesForWeather;
            this.resolves = resolves;
        }

        @Override
        public void mode(Mode next) {
            mode = next;
            changed = now;
        }

        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public long pid() {
            return 1;
        }

        OptionalDouble value(String signal) {
            if (signal.equals(DemoRules.LATENCY)) {
                return OptionalDouble.of(mode == Mode.HEALTHY ? 0.17 : 0.65);
            }
            return OptionalDouble.of(mode == Mode.COLD_CACHE ? 0.1 : 0.95);
        }

        List<Alert> poll(Duration wait) {
            now = now.plus(wait);
            List<Alert> alerts = new ArrayList<>();
            boolean bad = mode == Mode.SLOW_CACHE || (pagesForWeather && mode == Mode.COLD_CACHE);
            if (now.minus(changed).compareTo(REACTION) >= 0 && bad != firing && (bad || resolves)) {
                firing = bad;
                alerts.add(alert(bad ? State.FIRING : State.RESOLVED));
            }
            return alerts;
        }

        private static Alert alert(State state) {
            return new Alert(
                    "ReadApiCachePathSlow",
                    "read-api",
                    state,
                    Tier.PAGE,
                    new TreeMap<>(),
                    0,
                    0,
                    OptionalLong.empty(),
                    List.of(),
                    "v1:0",
                    "docs-platform",
                    new TreeMap<>(),
                    "",
                    false,
                    "r1",
                    "",
                    List.of(),
                    Optional.empty(),
                    false);
        }
    }
}
