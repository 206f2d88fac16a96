// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** The one command, {@code conjunct}: its subcommands, their settings and how the parts start and stop. */
@NullMarked
package io.conjunct.cli;

import org.jspecify.annotations.NullMarked;
