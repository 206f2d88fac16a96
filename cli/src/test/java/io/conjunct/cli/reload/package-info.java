// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.conjunct.cli.reload;

import org.jspecify.annotations.NullMarked;
