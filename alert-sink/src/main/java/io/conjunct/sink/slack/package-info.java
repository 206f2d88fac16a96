/** Alerts as messages of a Slack incoming webhook. */
@NullMarked
package io.conjunct.sink.slack;

import org.jspecify.annotations.NullMarked;
