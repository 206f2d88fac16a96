// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** Alerting rules of Prometheus, read and carried over as far as they map. */
@NullMarked
package io.conjunct.prometheus;

import org.jspecify.annotations.NullMarked;
