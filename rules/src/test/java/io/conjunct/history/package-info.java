/** Tests. */
@NullMarked
package io.conjunct.history;

import org.jspecify.annotations.NullMarked;
