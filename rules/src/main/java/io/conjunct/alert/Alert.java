// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.alert;

import static java.util.Objects.requireNonNull;

import io.conjunct.event.Exemplar;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One transition of one alert: the record of the topic {@code conjunct.alerts}, keyed by {@link #identity()}.
 * {@link AlertJson} is its wire form.
 *
 * @param name the rule's name
 * @param group the rule group it stands in
 * @param state what it changed to
 * @param tier what it may cost a human
 * @param labels join labels and the rule's own labels
 * @param atMillis the tick at which it changed, Unix milliseconds of event time
 * @param startsAtMillis when the condition became true
 * @param endsAtMillis when it resolved
 * @param legs evidence, in the order of the rule's text
 * @param episode identity of this firing-to-resolved life; the deduplication key at receivers
 * @param owner who fixes or deletes the rule
 * @param annotations summary, runbook_url and others, templates filled in
 * @param reason why, where it is not simply the condition: "rule removed", "evidence lost", the reason of a
 *     single-signal rule; empty otherwise
 * @param shadow evaluated and recorded, never delivered
 * @param revision of the rule set that decided
 * @param ruleRevision of the rule alone: another one when the rule decides otherwise than before, the same when only a
 *     neighbour or a text for humans changed; empty when it is not known
 * @param exemplars traces worth opening, slowest first
 * @param muted why nobody is told of this transition; of a resolve, why nobody was told that it fired
 * @param demotable whether its track record alone may make it a ticket ({@code demote: auto} in rule files)
 */
public record Alert(
        String name,
        String group,
        State state,
        Tier tier,
        SortedMap<String, String> labels,
        long atMillis,
        long startsAtMillis,
        OptionalLong endsAtMillis,
        List<Leg> legs,
        String episode,
        String owner,
        SortedMap<String, String> annotations,
        String reason,
        boolean shadow,
        String revision,
        String ruleRevision,
        List<Exemplar> exemplars,
        Optional<Muted> muted,
        boolean demotable) {

    /** The life of an episode. */
    public enum State {
        /** The condition holds, but not yet for long enough. */
        PENDING,
        /** A pending condition ended before it fired; nobody was told. */
        CANCELLED,
        FIRING,
        RESOLVED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Alert {
        requireNonNull(name, "name");
        requireNonNull(group, "group");
        requireNonNull(state, "state");
        requireNonNull(tier, "tier");
        requireNonNull(endsAtMillis, "endsAtMillis");
        requireNonNull(episode, "episode");
        requireNonNull(owner, "owner");
        requireNonNull(reason, "reason");
        requireNonNull(revision, "revision");
        requireNonNull(ruleRevision, "ruleRevision");
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
        legs = List.copyOf(legs);
        exemplars = List.copyOf(exemplars);
        requireNonNull(muted, "muted");
    }

    /** The same transition, with another reason. */
    public Alert withReason(String newReason) {
        return with(tier, annotations, newReason, muted, demotable);
    }

    /** The same transition, with one annotation more, or another text for it. */
    public Alert withAnnotation(String annotation, String text) {
        SortedMap<String, String> more = new TreeMap<>(annotations);
        more.put(annotation, text);
        return with(tier, more, reason, muted, demotable);
    }

    /** The same transition, of which nobody is told, or somebody after all. */
    public Alert withMuted(Optional<Muted> newMuted) {
        return with(tier, annotations, reason, newMuted, demotable);
    }

    /** The same transition, that its track record may make a ticket. */
    public Alert asDemotable() {
        return with(tier, annotations, reason, muted, true);
    }

    /** The same transition at another price to humans. */
    public Alert withTier(Tier newTier) {
        return with(newTier, annotations, reason, muted, demotable);
    }

    private Alert with(
            Tier newTier,
            SortedMap<String, String> newAnnotations,
            String newReason,
            Optional<Muted> newMuted,
            boolean newDemotable) {
        return new Alert(
                name,
                group,
                state,
                newTier,
                labels,
                atMillis,
                startsAtMillis,
                endsAtMillis,
                legs,
                episode,
                owner,
                newAnnotations,
                newReason,
                shadow,
                revision,
                ruleRevision,
                exemplars,
                newMuted,
                newDemotable);
    }

    /** Rule and labels: what stays the same from one episode to the next. */
    public String identity() {
        return name + labels;
    }

    /**
     * The deduplication key of an episode: the same in every replay, at most 255 characters.
     *
     * @return {@code v1:} and the SHA-256 of rule, labels and start in hexadecimal
     */
    public static String episode(String rule, Map<String, String> labels, long startMillis) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            update(digest, rule);
            for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
                update(digest, label.getKey());
                update(digest, label.getValue());
            }
            update(digest, Long.toString(startMillis));
            return "v1:" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // Length first, so that neighbouring texts cannot be read two ways.
        digest.update(String.format(Locale.ROOT, "%d:", bytes.length).getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }
}
