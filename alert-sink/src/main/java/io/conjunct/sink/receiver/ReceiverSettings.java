// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.receiver;

/** What the receivers file says about one receiver, checked. Prints without its secrets. */
@FunctionalInterface
public interface ReceiverSettings {
    /** Makes the receiver. Opens nothing: the first delivery connects. */
    Receiver open(Surroundings around);
}
