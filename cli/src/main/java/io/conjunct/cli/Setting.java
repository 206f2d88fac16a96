// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import picocli.CommandLine.Model.OptionSpec;

/**
 * What an option says: its default, until the command line or the environment says something else.
 *
 * @param <T> of which type
 */
final class Setting<T> {
    private final OptionSpec option;

    Setting(OptionSpec option, T unlessSaid) {
        this.option = option;
        option.setValue(unlessSaid);
    }

    T get() {
        return option.getValue();
    }

    /** For those who start a role without a command line. */
    void set(T value) {
        option.setValue(value);
    }
}
