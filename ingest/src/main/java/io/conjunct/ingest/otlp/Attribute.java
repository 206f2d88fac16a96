// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

/**
 * An attribute with its value in words: a number as Java writes it, a boolean as {@code true} or {@code false}. A reader
 * hands out the same object for the same attribute as long as it remembers it, so that a visitor may compare by identity
 * first.
 */
public record Attribute(AttributeName name, String value) {}
