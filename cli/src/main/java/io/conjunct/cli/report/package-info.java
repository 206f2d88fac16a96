/** What {@code conjunct report} shows, and the patch it writes. */
@NullMarked
package io.conjunct.cli.report;

import org.jspecify.annotations.NullMarked;
