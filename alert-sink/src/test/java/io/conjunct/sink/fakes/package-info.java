/** Providers to test against: real sockets, the providers' own strictness, faults on request, a journal on disk. */
@NullMarked
package io.conjunct.sink.fakes;

import org.jspecify.annotations.NullMarked;
