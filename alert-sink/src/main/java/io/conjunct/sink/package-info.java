/** Alerts to people: from the topic of alerts, by the routes of a file, into one ordered queue per receiver. */
@NullMarked
package io.conjunct.sink;

import org.jspecify.annotations.NullMarked;
