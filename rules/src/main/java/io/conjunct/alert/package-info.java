// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** What the engine decides: alerts, their episodes, and the evidence shown with them. */
@NullMarked
package io.conjunct.alert;

import org.jspecify.annotations.NullMarked;
