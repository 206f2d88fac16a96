// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.http;

import io.conjunct.sink.receiver.FailureReason;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON to allowed hosts. One request: resolve, check the address, connect within 3 s, be done within 10 s in all,
 * read at most 64 KiB of the answer. Redirects are never followed and no proxy is asked. An answer is never an
 * exception, and no detail ever repeats the request.
 *
 * <p>The address that was checked is the one connected to as long as the JVM's own cache of addresses holds it (30 s by
 * default, {@code networkaddress.cache.ttl}). The check stands for the providers' own hosts, which are reached by TLS
 * only: an address slipped in between would have to show their certificate.
 *
 * <p>Runs at most {@value #MAX_THREADS} requests at once; a resolver that hangs holds its thread, not its caller.
 */
public final class Outbound implements AutoCloseable {
    /** The most of an answer that is read, in bytes. */
    public static final int MAX_ANSWER = 64 * 1024;

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration TOTAL = Duration.ofSeconds(10);
    private static final int MAX_THREADS = 64;

    /** How names become addresses. */
    interface Names {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final AllowedHosts hosts;
    private final Names names;
    private final Duration total;
    private final InstantSource clock;
    private final Runnable onRedirect;
    private final HttpClient client;
    private final ExecutorService threads;

    /** With the usual deadlines; {@code onRedirect} is run for every redirect that was answered and not followed. */
    public Outbound(AllowedHosts hosts, InstantSource clock, Runnable onRedirect) {
        this(hosts, clock, onRedirect, CONNECT, TOTAL);
    }

    /** With other deadlines, for tests. */
    public Outbound(AllowedHosts hosts, InstantSource clock, Runnable onRedirect, Duration connect, Duration total) {
        this(hosts, clock, onRedirect, connect, total, InetAddress::getAllByName);
    }

    Outbound(
            AllowedHosts hosts,
            InstantSource clock,
            Runnable onRedirect,
            Duration connect,
            Duration total,
            Names names) {
        this.names = names;
        this.onRedirect = onRedirect;
        this.hosts = hosts;
        this.clock = clock;
        this.total = total;
        threads = new ThreadPoolExecutor(0, MAX_THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
            Thread thread = new Thread(work, "conjunct-sink-http");
            thread.setDaemon(true);
            return thread;
        });
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(ProxySelector.of(null))
                .connectTimeout(connect)
                .executor(threads)
                .build();
    }

    /** Posts one body. Cuts the request off at the deadline, and when the calling thread is interrupted. */
    public Reply post(Endpoint endpoint, Map<String, String> headers, byte[] json) throws InterruptedException {
        URI uri = endpoint.reveal();
        Optional<String> objection = hosts.objection(uri);
        if (objection.isPresent()) {
            return new Reply.Forbidden(objection.get());
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(total)
                .header("Content-Type", "application/json")
                .header("User-Agent", "conjunct")
                .POST(BodyPublishers.ofByteArray(json));
        headers.forEach(request::header);
        return exchange(endpoint, request.build());
    }

    private Reply exchange(Endpoint endpoint, HttpRequest request) throws InterruptedException {
        long deadline = System.nanoTime() + total.toNanos();
        CompletableFuture<Void> check = null;
        CompletableFuture<HttpResponse<String>> call = null;
        try {
            check = CompletableFuture.runAsync(
                    () -> checkAddresses(request.uri().getHost()), threads);
            check.get(total.toNanos(), TimeUnit.NANOSECONDS);
            call = client.sendAsync(request, info -> new FirstBytes(MAX_ANSWER));
            HttpResponse<String> answer = call.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (answer.statusCode() >= 300 && answer.statusCode() < 400) {
                onRedirect.run();
            }
            return new Reply.Answered(answer.statusCode(), retryAfter(answer), endpoint.redact(answer.body()));
        } catch (TimeoutException e) {
            return new Reply.Failed(FailureReason.CONTEXT_DEADLINE_EXCEEDED, "no answer from " + endpoint + " in time");
        } catch (ExecutionException e) {
            return failed(endpoint, e.getCause());
        } catch (RejectedExecutionException e) {
            return new Reply.Failed(FailureReason.OTHER, "too many requests hang");
        } finally {
            if (check != null) {
                check.cancel(true);
            }
            if (call != null) {
                // Tears the connection down when it is still in use; nothing otherwise.
                call.cancel(true);
            }
        }
    }

    private static Reply failed(Endpoint endpoint, @Nullable Throwable problem) {
        if (problem instanceof java.net.http.HttpTimeoutException) {
            return new Reply.Failed(FailureReason.CONTEXT_DEADLINE_EXCEEDED, "no answer from " + endpoint + " in time");
        }
        if (problem instanceof AddressRefused refused) {
            return new Reply.Failed(FailureReason.OTHER, refused.what);
        }
        // The kind of the problem only: messages of the platform may repeat headers or the address.
        return new Reply.Failed(
                FailureReason.OTHER,
                endpoint + ": "
                        + (problem == null ? "unknown" : problem.getClass().getSimpleName()));
    }

    private void checkAddresses(String host) {
        InetAddress[] addresses;
        try {
            addresses = names.resolve(host);
        } catch (UnknownHostException e) {
            throw new AddressRefused("no address for " + host);
        }
        for (InetAddress address : addresses) {
            if (!hosts.allows(host, address)) {
                throw new AddressRefused(
                        host + " resolves to the private address " + address.getHostAddress() + ", not connected");
            }
        }
    }

    /** Retry-After in seconds or as a date; zero when it is missing or makes no sense. */
    private Duration retryAfter(HttpResponse<?> answer) {
        String text = answer.headers().firstValue("Retry-After").orElse("").strip();
        if (text.isEmpty()) {
            return Duration.ZERO;
        }
        try {
            if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Duration.ofSeconds(Long.parseLong(text));
            }
            Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(clock.instant(), at);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException | NumberFormatException e) {
            return Duration.ZERO;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** The name does not lead to an address we may connect to. */
    private static final class AddressRefused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String what;

        AddressRefused(String what) {
            super(what);
            this.what = what;
        }
    }
}
