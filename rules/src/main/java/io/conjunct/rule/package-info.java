// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** What users write: signals, conditions and rules, read from YAML files in git. */
@NullMarked
package io.conjunct.rule;

import org.jspecify.annotations.NullMarked;
