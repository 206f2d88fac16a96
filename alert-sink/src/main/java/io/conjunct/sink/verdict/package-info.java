/** Verdicts in: what people say about pages, from the command line, Slack's buttons and PagerDuty's webhooks. */
@NullMarked
package io.conjunct.sink.verdict;

import org.jspecify.annotations.NullMarked;
