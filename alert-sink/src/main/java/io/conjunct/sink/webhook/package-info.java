/** Alerts as the body of an Alertmanager webhook, version 4. */
@NullMarked
package io.conjunct.sink.webhook;

import org.jspecify.annotations.NullMarked;
