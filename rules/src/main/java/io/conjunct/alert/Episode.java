// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.alert;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The life of one alert: inactive, pending, firing, and back. It is stepped once per tick with what its rule's conditions
 * came to, and answers with what changed. Unknown freezes every count: it neither fires nor resolves.
 */
public final class Episode {

    /** What a step changed. */
    public enum Change {
        PENDING,
        CANCELLED,
        FIRED,
        RESOLVED,
        /** It fires, but for the stated time nothing has been known about it. */
        EVIDENCE_LOST,
        EVIDENCE_BACK
    }

    private enum State {
        INACTIVE,
        PENDING,
        FIRING
    }

    private static final State[] STATES = State.values();

    private State state = State.INACTIVE;
    private long startMillis;
    private long heldMillis;
    private int missed;
    private boolean clearing;
    private long clearMillis;
    private long unknownMillis;
    private long lostMillis;
    private boolean lost;

    /**
     * How long things must last.
     *
     * @param tickMillis distance of two steps
     * @param holdForMillis how long the condition must hold before firing
     * @param tolerate while pending, so many ticks may find the condition false; they do not count as held
     * @param keepFiringForMillis how long the resolve condition must hold before resolving
     * @param staleAfterMillis how long nothing may be known while firing
     */
    public record Terms(
            long tickMillis, long holdForMillis, int tolerate, long keepFiringForMillis, long staleAfterMillis) {}

    public boolean isFiring() {
        return state == State.FIRING;
    }

    public boolean isPending() {
        return state == State.PENDING;
    }

    public boolean isInactive() {
        return state == State.INACTIVE;
    }

    /** When the condition became true, Unix milliseconds; meaningless while inactive. */
    public long startMillis() {
        return startMillis;
    }

    /** How long the condition has held so far, in known ticks; what {@code for} is compared with. */
    public long heldMillis() {
        return heldMillis;
    }

    /** When evidence was declared lost. */
    public long lostMillis() {
        return lostMillis;
    }

    public boolean isEvidenceLost() {
        return lost;
    }

    /**
     * One tick.
     *
     * @param when the rule's condition
     * @param clear the resolve condition; it does nothing while {@code when} is true
     * @param nowMillis end of the tick, event time
     */
    public List<Change> step(Truth when, Truth clear, long nowMillis, Terms terms) {
        List<Change> changes = new ArrayList<>(1);
        switch (state) {
            case INACTIVE -> {
                if (when == Truth.TRUE) {
                    startMillis = nowMillis;
                    heldMillis = 0;
                    missed = 0;
                    enter(terms, changes);
                }
            }
            case PENDING -> {
                if (when == Truth.TRUE) {
                    heldMillis += terms.tickMillis();
                    enter(terms, changes);
                } else if (when == Truth.FALSE && ++missed > terms.tolerate()) {
                    state = State.INACTIVE;
                    changes.add(Change.CANCELLED);
                }
            }
            case FIRING -> stepFiring(when, clear, nowMillis, terms, changes);
        }
        return changes;
    }

    private void enter(Terms terms, List<Change> changes) {
        if (heldMillis >= terms.holdForMillis()) {
            state = State.FIRING;
            clearing = false;
            unknownMillis = 0;
            lost = false;
            changes.add(Change.FIRED);
        } else if (state == State.INACTIVE) {
            state = State.PENDING;
            changes.add(Change.PENDING);
        }
    }

    private void stepFiring(Truth when, Truth clear, long nowMillis, Terms terms, List<Change> changes) {
        if (when == Truth.UNKNOWN && clear == Truth.UNKNOWN) {
            unknownMillis += terms.tickMillis();
            if (!lost && unknownMillis >= terms.staleAfterMillis()) {
                lost = true;
                lostMillis = nowMillis;
                changes.add(Change.EVIDENCE_LOST);
            }
            return;
        }
        unknownMillis = 0;
        if (lost) {
            lost = false;
            changes.add(Change.EVIDENCE_BACK);
        }
        if (when == Truth.TRUE || clear == Truth.FALSE) {
            clearing = false;
        } else if (clear == Truth.TRUE) {
            clearMillis = clearing ? clearMillis + terms.tickMillis() : 0;
            clearing = true;
            if (clearMillis >= terms.keepFiringForMillis()) {
                state = State.INACTIVE;
                changes.add(Change.RESOLVED);
            }
        }
    }

    public void writeTo(CodedOutputStream out) throws IOException {
        out.writeUInt32NoTag(state.ordinal());
        out.writeSInt64NoTag(startMillis);
        out.writeUInt64NoTag(heldMillis);
        out.writeUInt32NoTag(missed);
        out.writeBoolNoTag(clearing);
        out.writeUInt64NoTag(clearMillis);
        out.writeUInt64NoTag(unknownMillis);
        out.writeSInt64NoTag(lostMillis);
        out.writeBoolNoTag(lost);
    }

    /** Reads what {@link #writeTo} wrote. */
    public static Episode readFrom(CodedInputStream in) throws IOException {
        Episode episode = new Episode();
        episode.state = STATES[in.readUInt32()];
        episode.startMillis = in.readSInt64();
        episode.heldMillis = in.readUInt64();
        episode.missed = in.readUInt32();
        episode.clearing = in.readBool();
        episode.clearMillis = in.readUInt64();
        episode.unknownMillis = in.readUInt64();
        episode.lostMillis = in.readSInt64();
        episode.lost = in.readBool();
        return episode;
    }
}
