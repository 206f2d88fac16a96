// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.MuteDraft;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code mute/expired} and {@code mute/far-expiry}: a mute is an exception. One that is over is clutter that somebody
 * will copy; one for years is a rule that should be deleted. Only where a clock may be asked.
 */
final class ExpiredMute {
    private static final Duration FAR = Duration.ofDays(366);

    private final Optional<Instant> now;
    private final Findings findings;

    ExpiredMute(Optional<Instant> now, Findings findings) {
        this.now = now;
        this.findings = findings;
    }

    void check(List<GroupDraft> groups, List<MuteDraft> silences) {
        now.ifPresent(time -> {
            groups.forEach(group -> group.mutes().forEach(mute -> check(mute, time)));
            silences.forEach(silence -> check(silence, time));
        });
    }

    private void check(MuteDraft draft, Instant time) {
        Instant expires = Instant.ofEpochMilli(draft.mute().expiresMillis());
        if (!expires.isAfter(time)) {
            findings.warning(
                    "mute/expired",
                    draft.table().placeOf("expires"),
                    "`" + draft.name().text() + "` has expired and mutes nothing",
                    "remove it, or ask `" + draft.mute().owner() + "` for how long it is still needed");
        } else if (expires.isAfter(time.plus(FAR))) {
            findings.warning(
                    "mute/far-expiry",
                    draft.table().placeOf("expires"),
                    "`" + draft.name().text() + "` mutes for more than a year",
                    "write a day on which somebody looks at it again; delete a rule that nobody wants");
        }
    }
}
