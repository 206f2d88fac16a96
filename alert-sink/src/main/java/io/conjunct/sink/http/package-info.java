/** The only way out: HTTP to listed hosts, with deadlines, no redirects and bounded answers. */
@NullMarked
package io.conjunct.sink.http;

import org.jspecify.annotations.NullMarked;
