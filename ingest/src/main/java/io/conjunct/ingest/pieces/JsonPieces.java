// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.pieces;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.conjunct.ingest.otlp.JsonReader;
import io.conjunct.ingest.otlp.MalformedRequestException;
import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.pieces.Piece.Range;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests in JSON encoding apart, in UTF-8. All of a request is parsed here; what is within a piece is understood by
 * its reader. Source: "JSON Protobuf Encoding" of the OTLP specification 1.11.
 */
public final class JsonPieces {
    private final JsonParser parser;
    private final Signal signal;
    private final int target;

    private JsonPieces(JsonParser parser, Signal signal, int target) {
        this.parser = parser;
        this.signal = signal;
        this.target = target;
    }

    /** Elements of a list in one of another list, and so on, with what the objects between say of all their elements. */
    private static final class Run {
        private final Range elements;
        private final List<@Nullable Range> contexts = new ArrayList<>();

        Run(Range elements) {
            this.elements = elements;
        }
    }

    /**
     * The pieces of a request, in order.
     *
     * @param target bytes of a piece without what it has copies of; a record that is longer is a piece of its own
     * @throws MalformedRequestException when it is not JSON, or no object of lists of objects
     * @throws TooLongException when so much belongs to all records of a resource or scope that it cannot be copied
     */
    public static List<Piece> of(StoredRequest request, Signal signal, int target)
            throws IOException, TooLongException {
        try (JsonParser parser = JsonReader.parser(request.stream())) {
            JsonPieces found = new JsonPieces(parser, signal, target);
            List<Piece> pieces = new ArrayList<>();
            for (Run run : found.request()) {
                pieces.add(found.piece(run));
            }
            return pieces;
        } catch (JacksonException | CharConversionException e) {
            throw new MalformedRequestException("not an OTLP " + signal.label() + " request in JSON encoding", e);
        }
    }

    private List<Run> request() throws IOException, TooLongException {
        require(parser.nextToken() == JsonToken.START_OBJECT, "a JSON request has to be an object");
        List<Run> runs = new ArrayList<>();
        while (nextKey()) {
            if (parser.currentName().equals(signal.jsonLists().get(0))) {
                parser.nextToken();
                runs.addAll(list(0));
            } else {
                parser.nextToken();
                skip();
            }
        }
        require(parser.nextToken() == null, "something follows the JSON object");
        return runs;
    }

    private boolean nextKey() throws IOException {
        JsonToken token = parser.nextToken();
        require(token == JsonToken.FIELD_NAME || token == JsonToken.END_OBJECT, "JSON key expected");
        return token == JsonToken.FIELD_NAME;
    }

    /** Runs of the list that begins here. */
    private List<Run> list(int depth) throws IOException, TooLongException {
        List<Run> runs = new ArrayList<>();
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return runs;
        }
        require(parser.currentToken() == JsonToken.START_ARRAY, "a list");
        boolean isInnermost = depth == signal.jsonLists().size() - 1;
        Range open = null;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            require(parser.currentToken() == JsonToken.START_OBJECT, "an object");
            long from = tokenAt();
            List<Run> inner = isInnermost ? skip() : object(depth);
            long to = tokenAt() + 1;
            if (open != null && to - open.from() > target) {
                runs.add(new Run(open));
                open = null;
            }
            // Where nothing belongs to it, whether it can be read shows when it is.
            if (!inner.isEmpty() && to - from > target) {
                runs.addAll(inner);
            } else {
                open = new Range(open == null ? from : open.from(), to);
            }
        }
        if (open != null) {
            runs.add(new Run(open));
        }
        return runs;
    }

    /** Runs of the list in the object that begins here: a resource with its scopes, or a scope with its records. */
    private List<Run> object(int depth) throws IOException, TooLongException {
        Range context = null;
        List<Run> runs = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        while (nextKey()) {
            String key = parser.currentName();
            parser.nextToken();
            if (key.equals(signal.jsonLists().get(depth + 1))) {
                require(seen.add(key), "a known key is there twice");
                runs.addAll(list(depth + 1));
            } else if (key.equals(context(depth))) {
                require(seen.add(key), "a known key is there twice");
                long from = tokenAt();
                boolean isObject = parser.currentToken() == JsonToken.START_OBJECT;
                require(isObject || parser.currentToken() == JsonToken.VALUE_NULL, "an object");
                skip();
                context = isObject ? new Range(from, tokenAt() + 1) : null;
            } else {
                skip();
            }
        }
        if (context != null && context.length() > Piece.MAX_CONTEXT) {
            throw new TooLongException(
                    "in a body this long a resource or scope may have " + Piece.MAX_CONTEXT + " bytes");
        }
        for (Run run : runs) {
            run.contexts.add(0, context);
        }
        return runs;
    }

    private static String context(int depth) {
        return depth == 0 ? "resource" : "scope";
    }

    /** Passes over the value here; there are no runs in it. */
    private List<Run> skip() throws IOException {
        parser.skipChildren();
        require(parser.currentToken() != null, "the JSON ends too early");
        return List.of();
    }

    private long tokenAt() throws MalformedRequestException {
        long at = parser.currentTokenLocation().getByteOffset();
        require(at >= 0, "a body this long has to be encoded in UTF-8");
        return at;
    }

    private static void require(boolean holds, String expected) throws MalformedRequestException {
        if (!holds) {
            throw new MalformedRequestException("JSON: " + expected);
        }
    }

    private Piece piece(Run run) {
        Piece.Builder piece = new Piece.Builder();
        for (int depth = 0; depth <= run.contexts.size(); depth++) {
            piece.add("{");
            Range context = depth == 0 ? null : run.contexts.get(depth - 1);
            if (context != null) {
                piece.add("\"" + context(depth - 1) + "\":").add(context).add(",");
            }
            piece.add("\"" + signal.jsonLists().get(depth) + "\":[");
        }
        return piece.add(run.elements).add("]}".repeat(run.contexts.size() + 1)).build();
    }
}
