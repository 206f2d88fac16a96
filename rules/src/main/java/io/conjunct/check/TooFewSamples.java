// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.SignalDraft;
import io.conjunct.signal.Measure;
import java.util.List;

/** {@code signal/min-samples-too-low}: the p99 of ten requests is their maximum. */
final class TooFewSamples implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            for (SignalDraft draft : group.signals()) {
                Measure measure = draft.signal().measure();
                long enough = measure.defaultMinSamples();
                if (measure.type() == Measure.Type.QUANTILE && draft.signal().minSamples() < enough) {
                    String written =
                            draft.table().scalar("measure").map(m -> m.text()).orElse("it");
                    findings.warning(
                            "signal/min-samples-too-low",
                            draft.table().placeOf("min_samples"),
                            "below " + enough + " samples `" + written + "` is little more than the maximum",
                            "write " + enough + ", remove `min_samples`, or choose a lower percentile");
                }
            }
        }
    }
}
