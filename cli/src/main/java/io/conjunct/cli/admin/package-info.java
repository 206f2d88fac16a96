// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** The admin port: metrics, health, readiness and a status page. */
@NullMarked
package io.conjunct.cli.admin;

import org.jspecify.annotations.NullMarked;
