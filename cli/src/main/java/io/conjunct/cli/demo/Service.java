// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import java.io.IOException;

/** The service that the story is about. */
interface Service {
    /** Changes how it is doing, from now on. */
    void mode(Mode mode) throws IOException;

    boolean alive();

    long pid();
}
