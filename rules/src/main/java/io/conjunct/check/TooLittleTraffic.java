// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Durations;
import io.conjunct.rule.SignalDraft;
import io.conjunct.signal.Signal;
import java.time.Duration;
import java.util.Locale;

/**
 * {@code signal/too-little-traffic}: at the stated {@code traffic} the window never holds {@code min_samples}, so the value
 * is never known and no rule on it ever fires.
 */
final class TooLittleTraffic implements EachSignal {
    @Override
    public void check(SignalDraft draft, Findings findings) {
        Signal signal = draft.signal();
        double perSecond = draft.traffic().orElse(Double.POSITIVE_INFINITY);
        double expected = perSecond * signal.over().toSeconds();
        if (expected < signal.minSamples()) {
            long needed = (long) Math.ceil(signal.minSamples() / perSecond);
            findings.error(
                    "signal/too-little-traffic",
                    draft.table().placeOf("over"),
                    String.format(
                            Locale.ROOT,
                            "about %.0f events in %s, and `%s` needs %d to be known",
                            expected,
                            Durations.format(signal.over()),
                            draft.name().text(),
                            signal.minSamples()),
                    needed <= 2_592_000
                            ? "write `over: " + Durations.format(Duration.ofSeconds(roundUp(needed)))
                                    + "`, or choose a lower percentile"
                            : "choose a lower percentile, or count the slow ones");
        }
    }

    /** To a length people write: full minutes above one, full hours above ten. */
    private static long roundUp(long seconds) {
        long step = seconds > 36_000 ? 3_600 : seconds > 60 ? 60 : 10;
        return (seconds + step - 1) / step * step;
    }
}
