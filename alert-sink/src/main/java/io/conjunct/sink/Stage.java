// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import java.util.Locale;

/** How far one episode has come at one receiver. It only ever goes forward, in the order in which these stand. */
enum Stage {
    /** The trigger is about to be sent, or was, and nobody knows what came of it. */
    TRIGGER_INTENT,
    /** The receiver refuses the trigger for good. */
    TRIGGER_REFUSED,
    TRIGGERED,
    /** The resolve is about to be sent, or was. No trigger of this episode may follow. */
    RESOLVE_INTENT,
    RESOLVE_REFUSED,
    RESOLVED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
