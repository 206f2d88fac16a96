// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.conjunct.prometheus;

import org.jspecify.annotations.NullMarked;
