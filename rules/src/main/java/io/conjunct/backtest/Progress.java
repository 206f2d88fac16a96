// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

/** Is told how far long work is; called from the threads that do it. */
public interface Progress {
    /** Nobody looks. */
    Progress NONE = (done, total) -> {};

    /** {@code done} of {@code total} bytes of recorded files. */
    void at(long done, long total);
}
