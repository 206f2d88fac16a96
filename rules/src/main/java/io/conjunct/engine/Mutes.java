// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.conjunct.alert.Muted;
import io.conjunct.rule.Mute;
import io.conjunct.signal.Matcher;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The mutes and silences that are about one rule. Of several at once the one that lasts longest is named. */
final class Mutes {
    private final List<Compiled> mutes;

    private record Compiled(Mute mute, List<Matcher> labels, List<Predicate<String>> values) {
        /** A label that is absent is not what a mute names, negated or not. */
        boolean matches(Map<String, String> alert) {
            for (int i = 0; i < labels.size(); i++) {
                String value = alert.get(labels.get(i).attribute());
                if (value == null || !values.get(i).test(value)) {
                    return false;
                }
            }
            return true;
        }
    }

    Mutes(List<Mute> all, String rule) {
        mutes = all.stream()
                .filter(mute -> mute.concerns(rule))
                .map(mute -> new Compiled(
                        mute,
                        mute.labels(),
                        mute.labels().stream().map(Matcher::ofValue).toList()))
                .toList();
    }

    static void write(@Nullable Muted muted, CodedOutputStream out) throws IOException {
        out.writeBoolNoTag(muted != null);
        if (muted != null) {
            out.writeStringNoTag(muted.by());
            out.writeStringNoTag(muted.owner());
            out.writeStringNoTag(muted.reason());
            out.writeSInt64NoTag(muted.untilMillis());
        }
    }

    static @Nullable Muted read(CodedInputStream in) throws IOException {
        return in.readBool() ? new Muted(in.readString(), in.readString(), in.readString(), in.readSInt64()) : null;
    }

    /** What mutes an alert with these labels at an instant. */
    Optional<Muted> at(Map<String, String> labels, long millis) {
        Muted longest = null;
        for (Compiled each : mutes) {
            OptionalLong until = each.mute.untilAt(millis);
            if (until.isPresent()
                    && (longest == null || until.getAsLong() > longest.untilMillis())
                    && each.matches(labels)) {
                longest = new Muted(each.mute.name(), each.mute.owner(), each.mute.reason(), until.getAsLong());
            }
        }
        return Optional.ofNullable(longest);
    }
}
