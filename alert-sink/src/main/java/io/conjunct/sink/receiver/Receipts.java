// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.receiver;

import static java.util.Objects.requireNonNull;

/**
 * What the delivery log kept of a receiver's own receipts for one alert, so that a message can be changed where it stands,
 * also by a sink that did not send it.
 *
 * @param episode from this episode's last delivery; empty when there was none
 * @param before from the last delivery of an earlier episode of the same alert; empty when there was none
 * @param group from the last delivery of another episode of its group; empty when there was none, or it is in no group
 */
public record Receipts(String episode, String before, String group) {
    /** The longest receipt, in characters. */
    public static final int MAX_LENGTH = 4_096;

    /** Nothing was delivered so far. */
    public static final Receipts NONE = new Receipts("", "", "");

    public Receipts {
        requireNonNull(episode, "episode");
        requireNonNull(before, "before");
        requireNonNull(group, "group");
    }
}
