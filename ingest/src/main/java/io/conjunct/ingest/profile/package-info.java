/** What to keep: the ingest profile and the names of the semantic conventions. */
@NullMarked
package io.conjunct.ingest.profile;

import org.jspecify.annotations.NullMarked;
