// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A place where a test may end the process to see what is left, hold it up, or let the disk fail; nothing happens there
 * otherwise.
 */
@FunctionalInterface
public interface FaultPoint {
    /** Never does anything. */
    FaultPoint NONE = moment -> {};

    /**
     * Something is about to happen, or has happened.
     *
     * @throws IOException when the disk is to fail here
     */
    void hit(Moment moment) throws IOException;

    /** For places where no disk is involved. */
    default void pass(Moment moment) {
        try {
            hit(moment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The moments of a batch's life between which a crash must not lose or double it. */
    enum Moment {
        BEFORE_DECODED,
        AFTER_DECODED,
        BEFORE_SPOOL_APPENDED,
        AFTER_SPOOL_APPENDED,
        BEFORE_SPOOL_FSYNCED,
        AFTER_SPOOL_FSYNCED,
        BEFORE_OTLP_ACKED,
        AFTER_OTLP_ACKED,
        BEFORE_PRODUCED,
        AFTER_PRODUCED,
        BEFORE_SPOOL_DELETED,
        AFTER_SPOOL_DELETED
    }
}
