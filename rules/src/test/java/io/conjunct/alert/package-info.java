// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

/** Tests of alerts, truth and episodes. */
@NullMarked
package io.conjunct.alert;

import org.jspecify.annotations.NullMarked;
