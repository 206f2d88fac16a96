/** A YAML file as values that know their line and column, so that every mistake is told with its place. */
@NullMarked
package io.conjunct.sink.yaml;

import org.jspecify.annotations.NullMarked;
