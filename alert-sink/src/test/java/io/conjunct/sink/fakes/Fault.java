// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import java.util.Map;

/** What a fake does to one request instead of answering it properly. */
public sealed interface Fault {
    /** Answers this, without taking the request. */
    record Answer(int status, String body, Map<String, String> headers) implements Fault {}

    /** Takes the request, then closes the connection without an answer: the response is lost. */
    record Lost() implements Fault {}

    /** Takes the request and never answers, until the fake is released or closed: the response is on its way for good. */
    record Silent() implements Fault {}

    /** Answers these bytes as they are, such as a body that claims an encoding. */
    record Raw(int status, byte[] body, Map<String, String> headers) implements Fault {}

    /** Reads the request and never answers, until the fake is released or closed. */
    record Hang() implements Fault {}

    /** Answers 200 and a body without end. */
    record Endless() implements Fault {}

    /** This request is answered properly: a pause in a timeline. */
    record None() implements Fault {}

    static Answer answer(int status, String body) {
        return new Answer(status, body, Map.of());
    }

    static Fault status(int status) {
        return new Answer(status, "", Map.of());
    }

    static Fault status(int status, String body) {
        return new Answer(status, body, Map.of());
    }

    /** 429 with Retry-After. */
    static Fault slowDown(int seconds) {
        return new Answer(429, "", Map.of("Retry-After", Integer.toString(seconds)));
    }

    static Fault redirect(int status, String location) {
        return new Answer(status, "", Map.of("Location", location));
    }
}
