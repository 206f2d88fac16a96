// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import com.sun.net.httpserver.HttpExchange;
import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Takes the body of an HTTP request, plain or gzip, within the limits of {@link Bytes}. */
final class HttpBody {
    /** A body that unpacks to more than this may not be more than {@value #MAX_RATIO} times as long as it was. */
    private static final long FREE_OF_RATIO = 4 * 1024 * 1024;

    private static final int MAX_RATIO = 100;

    private final Bytes bytes;

    HttpBody(Bytes bytes) {
        this.bytes = bytes;
    }

    /**
     * A body, or why there is none.
     *
     * @param body null when there is a problem; otherwise to be given back with {@link #release}
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by content nowhere; the arrays are never changed
    record Result(byte @Nullable [] body, Outcome outcome, String problem) {}

    /** @throws IOException when the connection broke */
    Result read(HttpExchange exchange) throws IOException {
        String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
        String coding = encoding == null ? "identity" : encoding.trim().toLowerCase(Locale.ROOT);
        boolean gzip = coding.equals("gzip");
        if (!gzip && !coding.isEmpty() && !coding.equals("identity")) {
            return new Result(null, Outcome.WRONG_MEDIA_TYPE, "Content-Encoding has to be gzip or absent");
        }
        InputStream in = exchange.getRequestBody();
        byte[] raw;
        try {
            raw = bytes.readAll(in, Math.min(declared(exchange), bytes.longest()));
        } catch (TooLongException e) {
            discard(in);
            return tooLarge();
        } catch (NoRoomException e) {
            discard(in);
            return noRoom();
        }
        if (!gzip || raw.length == 0) {
            return new Result(raw, Outcome.OK, "");
        }
        try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(raw), 8 * 1024)) {
            long most = Math.max(FREE_OF_RATIO, (long) raw.length * MAX_RATIO);
            return new Result(bytes.readAll(plain, 4L * raw.length, most), Outcome.OK, "");
        } catch (TooLongException e) {
            return tooLarge();
        } catch (NoRoomException e) {
            return noRoom();
        } catch (IOException e) {
            return new Result(null, Outcome.MALFORMED, "the body is not gzip, as its Content-Encoding says");
        } finally {
            bytes.release(raw);
        }
    }

    /** The Content-Length; 0 when there is none. */
    private static long declared(HttpExchange exchange) {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        try {
            return length == null ? 0 : Long.parseLong(length.trim());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    void release(byte[] body) {
        bytes.release(body);
    }

    /** Reads on for a while, so that a client that is still sending sees the answer instead of a reset. */
    private void discard(InputStream in) throws IOException {
        byte[] scratch = new byte[16 * 1024];
        long left = bytes.longest();
        while (left > 0) {
            int read = in.read(scratch);
            if (read < 0) {
                return;
            }
            left -= read;
        }
    }

    private Result tooLarge() {
        return new Result(null, Outcome.TOO_LARGE, "the body is longer than " + bytes.longest() + " bytes");
    }

    private static Result noRoom() {
        return new Result(null, Outcome.UNAVAILABLE, "too many requests are being read");
    }
}
