// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
/** A name that picocli looks for. */
@org.jspecify.annotations.NullMarked
package groovy.lang;
