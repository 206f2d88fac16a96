// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** What happened: events, the series they belong to, and the columnar batch in which they travel through Kafka. */
@NullMarked
package io.conjunct.event;

import org.jspecify.annotations.NullMarked;
