// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** What an existing Alertmanager recorded, scored like rules of ours. */
@NullMarked
package io.conjunct.cli.alertmanager;

import org.jspecify.annotations.NullMarked;
