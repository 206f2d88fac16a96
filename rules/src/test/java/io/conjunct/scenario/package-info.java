// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** Tests of the tests of rules, and the conformance suite. */
@NullMarked
package io.conjunct.scenario;

import org.jspecify.annotations.NullMarked;
