// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import io.conjunct.ingest.otlp.AttributeName.Reading;

/** Bytes that come again and again, and what they say. */
final class Word {
    private static final AttributeName NO_NAME = new AttributeName("", Reading.TEXT);
    private static final Attribute NO_ATTRIBUTE = new Attribute(NO_NAME, "");

    final Sort sort;
    final byte[] bytes;
    final String text;
    final AttributeName name;
    final Attribute attribute;

    /** Of a key: whether its value is none that is remembered. */
    final boolean isPassedOver;

    /** Of a record's name: the slots of the words its attributes were last time, by their position. */
    short[] attributes;

    private Word(Sort sort, byte[] bytes, String text, AttributeName name, Attribute attribute, boolean isPassedOver) {
        this.sort = sort;
        this.bytes = bytes;
        this.text = text;
        this.name = name;
        this.attribute = attribute;
        this.isPassedOver = isPassedOver;
        this.attributes = Words.NONE_FORESEEN;
    }

    static Word text(byte[] bytes, String text) {
        return new Word(Sort.TEXT, bytes, text, NO_NAME, NO_ATTRIBUTE, false);
    }

    static Word key(byte[] bytes, AttributeName name, boolean isPassedOver) {
        return new Word(Sort.KEY, bytes, name.text, name, NO_ATTRIBUTE, isPassedOver);
    }

    static Word whole(byte[] bytes, Attribute attribute) {
        return new Word(Sort.WHOLE, bytes, attribute.value, attribute.name, attribute, false);
    }

    enum Sort {
        /** A string. */
        TEXT,
        /** The beginning of a KeyValue message, up to the length of its value. */
        KEY,
        /** A KeyValue message from its length to its end. */
        WHOLE
    }
}
