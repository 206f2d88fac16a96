// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import java.time.Instant;

/**
 * One alert for one receiver.
 *
 * @param claim on the offset of its record: released when the delivery is over, one way or the other
 * @param readAt when the record was read
 */
record Delivery(Alert alert, Offsets.Claim claim, Instant readAt) {}
