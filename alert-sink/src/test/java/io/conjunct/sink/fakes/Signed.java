// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How providers send us something: a signature over the raw body, a deadline, and the status of the answer. */
final class Signed {
    /** No answer in time, or no connection. */
    static final int NONE = 0;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Signed() {}

    /** HMAC-SHA256 in hexadecimal. */
    static String hmac(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** The status of the answer, or {@link #NONE}. */
    static int post(URI to, Duration deadline, Map<String, String> headers, String body) throws InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(to).timeout(deadline).POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return NONE;
        }
    }
}
