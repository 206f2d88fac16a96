// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.SignalDraft;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Signal;

/**
 * {@code signal/missing-becomes-value}: with a number in place of a missing percentile, ratio or average an outage that
 * takes the telemetry with it looks healthy, and the alert on it resolves.
 */
final class MissingBecomesValue implements EachSignal {
    @Override
    public void check(SignalDraft draft, Findings findings) {
        Signal signal = draft.signal();
        Measure.Type type = signal.measure().type();
        if (signal.onMissing() instanceof Signal.OnMissing.Value && !type.zeroWhenEmpty()) {
            findings.warning(
                    "signal/missing-becomes-value",
                    draft.table().placeOf("on_missing"),
                    "when its data stop, `" + draft.name().text()
                            + "` becomes a number, and an alert on it may resolve for want of evidence",
                    "remove `on_missing`: unknown keeps the alert; or write `hold 5m` to bridge a gap");
        }
    }
}
