// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

/** How the demonstration's service is doing. */
enum Mode {
    /** The cache answers 95 of 100 requests, fast. */
    HEALTHY,
    /** The cache lost its contents: most requests go to the database, which is slow. It heals by itself. */
    COLD_CACHE,
    /** The cache has everything, but answers slowly. It does not heal by itself. */
    SLOW_CACHE
}
