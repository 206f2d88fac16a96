// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A headless Chromium, driven by the W3C WebDriver protocol of Debian's {@code chromedriver}. */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final String session;

    Browser(Path directory) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        driver = new ProcessBuilder("chromedriver", "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("chromedriver.log").toFile())
                .start();
        String root = "http://127.0.0.1:" + port;
        Awaitility.await()
                .ignoreExceptions()
                .until(() ->
                        ask("GET", root + "/status", Map.of()).path("ready").asBoolean());
        List<String> arguments = List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1200,1400",
                "--user-data-dir=" + directory.resolve("profile"));
        JsonNode opened = ask(
                "POST",
                root + "/session",
                Map.of("capabilities", Map.of("alwaysMatch", Map.of("goog:chromeOptions", Map.of("args", arguments)))));
        session = root + "/session/" + opened.path("sessionId").asText();
    }

    void open(String url) throws IOException {
        ask("POST", session + "/url", Map.of("url", url));
    }

    /** What the page says, as a reader sees it. */
    String text() throws IOException {
        return ask("GET", session + "/element/" + element("body") + "/text", Map.of())
                .asText();
    }

    /** The page's HTML. */
    String source() throws IOException {
        return ask("GET", session + "/source", Map.of()).asText();
    }

    void click(String css) throws IOException {
        ask("POST", session + "/element/" + element(css) + "/click", Map.of());
    }

    void type(String css, String text) throws IOException {
        ask("POST", session + "/element/" + element(css) + "/value", Map.of("text", text));
    }

    String attribute(String css, String name) throws IOException {
        return ask("GET", session + "/element/" + element(css) + "/attribute/" + name, Map.of())
                .asText();
    }

    void screenshot(Path file) throws IOException {
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(ask("GET", session + "/screenshot", Map.of()).asText()));
    }

    private String element(String css) throws IOException {
        return ask("POST", session + "/element", Map.of("using", "css selector", "value", css))
                .path(ELEMENT)
                .asText();
    }

    private JsonNode ask(String method, String url, Map<String, ?> body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        request.method(
                method,
                method.equals("GET")
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode value = JSON.readTree(answer.body()).path("value");
            if (answer.statusCode() != 200) {
                throw new IOException(method + " " + url + ": " + value);
            }
            return value;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            ask("DELETE", session, Map.of());
        } finally {
            driver.destroy();
        }
    }
}
