// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;

/** Findings for programs. */
final class JsonReport {
    private JsonReport() {}

    static String of(List<Diagnostic> diagnostics) {
        ObjectMapper json = new ObjectMapper();
        ArrayNode array = json.createArrayNode();
        for (Diagnostic d : diagnostics) {
            array.addObject()
                    .put("id", d.id())
                    .put("severity", d.severity().word())
                    .put("path", d.path())
                    .put("line", d.line())
                    .put("column", d.column())
                    .put("length", d.length())
                    .put("message", d.message())
                    .put("fix", d.fix());
        }
        try {
            return json.writerWithDefaultPrettyPrinter().writeValueAsString(array) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
        }
    }
}
