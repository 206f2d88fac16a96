// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** Alerts to Alertmanager's API v2, for those whose routes, silences and inhibitions live there. */
@NullMarked
package io.conjunct.sink.alertmanager;

import org.jspecify.annotations.NullMarked;
