// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package groovy.lang;

/**
 * Groovy's class of this name is not here: picocli asks for it on every start, and to learn that it is nowhere Java opens
 * every jar, which takes longer than to read the options. Nothing extends this one, so that nothing is one.
 */
public abstract class Closure {
    private Closure() {}
}
