/** Alerts as events of the PagerDuty Events API v2. */
@NullMarked
package io.conjunct.sink.pagerduty;

import org.jspecify.annotations.NullMarked;
