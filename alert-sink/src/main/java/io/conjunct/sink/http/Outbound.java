// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.http;

import io.conjunct.sink.receiver.FailureReason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON to allowed hosts. One request: resolve, check every address, connect to one of those that were checked within
 * 3 s, be done within 10 s in all, read at most 64 KiB of the answer, as it is on the wire. Redirects are never followed, no
 * proxy is asked, TLS is 1.2 or later. An answer is never an exception, and no detail ever repeats the request.
 *
 * <p>Runs at most {@value #MAX_THREADS} requests at once; a resolver that hangs holds its thread, not its caller.
 */
public final class Outbound implements AutoCloseable {
    /** The most of an answer that is read, in bytes. */
    public static final int MAX_ANSWER = 64 * 1024;

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration TOTAL = Duration.ofSeconds(10);
    private static final int MAX_THREADS = 64;
    private static final MediaType JSON = MediaType.get("application/json");

    /** How names become addresses. */
    interface Names {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final AllowedHosts hosts;
    private final Names names;
    private final Duration total;
    private final InstantSource clock;
    private final Runnable onRedirect;
    private final OkHttpClient client;
    private final ExecutorService threads;

    /**
     * With the usual deadlines.
     *
     * @param onRedirect run for every redirect that was answered and not followed
     * @param maySend asked when the connection stands, right before the request: what took long may have become another's
     */
    public Outbound(AllowedHosts hosts, InstantSource clock, Runnable onRedirect, BooleanSupplier maySend) {
        this(
                hosts,
                clock,
                onRedirect,
                CONNECT,
                TOTAL,
                InetAddress::getAllByName,
                builder -> builder.addNetworkInterceptor(chain -> {
                    if (!maySend.getAsBoolean()) {
                        throw new NotSent("not sent: another may have taken over");
                    }
                    return chain.proceed(chain.request());
                }));
    }

    /** With other deadlines, for tests. */
    public Outbound(AllowedHosts hosts, InstantSource clock, Runnable onRedirect, Duration connect, Duration total) {
        this(hosts, clock, onRedirect, connect, total, InetAddress::getAllByName, builder -> builder);
    }

    /** With another resolver and, in {@code tuning}, other authorities to trust, for tests. */
    Outbound(
            AllowedHosts hosts,
            InstantSource clock,
            Runnable onRedirect,
            Duration connect,
            Duration total,
            Names names,
            UnaryOperator<OkHttpClient.Builder> tuning) {
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
        client = tuning.apply(new OkHttpClient.Builder())
                .protocols(List.of(Protocol.HTTP_1_1))
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .proxy(Proxy.NO_PROXY)
                .connectTimeout(connect)
                .readTimeout(total)
                .writeTimeout(total)
                .callTimeout(total)
                .dns(this::checked)
                .build();
    }

    /** Posts one body. Cuts the request off at the deadline, and when the calling thread is interrupted. */
    public Reply post(Endpoint endpoint, Map<String, String> headers, byte[] json) throws InterruptedException {
        Optional<String> objection = hosts.objection(endpoint.reveal());
        if (objection.isPresent()) {
            return new Reply.Forbidden(objection.get());
        }
        Request.Builder request = new Request.Builder()
                .url(endpoint.reveal().toString())
                .header("User-Agent", "conjunct")
                .header("Accept-Encoding", "identity")
                .post(RequestBody.create(json, JSON));
        headers.forEach(request::header);
        return exchange(endpoint, client.newCall(request.build()));
    }

    private Reply exchange(Endpoint endpoint, Call call) throws InterruptedException {
        try {
            Future<Reply> reply = threads.submit(() -> answered(endpoint, call));
            return reply.get(total.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return tooLate(endpoint);
        } catch (ExecutionException e) {
            return failed(endpoint, e.getCause());
        } catch (RejectedExecutionException e) {
            return new Reply.Failed(FailureReason.OTHER, "too many requests hang");
        } finally {
            // Tears the connection down when it is still in use; nothing otherwise.
            call.cancel();
        }
    }

    private Reply answered(Endpoint endpoint, Call call) throws IOException {
        try (Response answer = call.execute()) {
            if (answer.code() >= 300 && answer.code() < 400) {
                onRedirect.run();
            }
            BufferedSource body = answer.body().source();
            boolean more = body.request(MAX_ANSWER);
            byte[] bytes =
                    body.readByteArray(Math.min(MAX_ANSWER, body.getBuffer().size()));
            if (more) {
                // Not read on to its end: it may have none.
                call.cancel();
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            return new Reply.Answered(answer.code(), retryAfter(answer), endpoint.redact(text));
        }
    }

    private static Reply tooLate(Endpoint endpoint) {
        return new Reply.Failed(FailureReason.CONTEXT_DEADLINE_EXCEEDED, "no answer from " + endpoint + " in time");
    }

    private static Reply failed(Endpoint endpoint, @Nullable Throwable problem) {
        if (problem instanceof NotSent notSent) {
            return new Reply.Failed(FailureReason.OTHER, notSent.why);
        }
        if (problem instanceof InterruptedIOException) {
            return tooLate(endpoint);
        }
        // The kind of the problem only: messages of the platform may repeat headers or the address.
        return new Reply.Failed(
                FailureReason.OTHER,
                endpoint + ": "
                        + (problem == null ? "unknown" : problem.getClass().getSimpleName()));
    }

    /** The addresses of a host, when all of them may be connected to: the only ones that are. */
    private List<InetAddress> checked(String host) throws UnknownHostException {
        InetAddress[] addresses;
        try {
            addresses = names.resolve(host);
        } catch (UnknownHostException e) {
            throw new NotSent("no address for " + host);
        }
        for (InetAddress address : addresses) {
            if (!hosts.allows(host, address)) {
                throw new NotSent(
                        host + " resolves to the private address " + address.getHostAddress() + ", not connected");
            }
        }
        return List.of(addresses);
    }

    /** Retry-After in seconds or as a date; zero when it is missing or makes no sense. */
    private Duration retryAfter(Response answer) {
        String text = answer.header("Retry-After", "").strip();
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
        client.dispatcher().cancelAll();
        client.connectionPool().evictAll();
        threads.shutdownNow();
    }

    /** We chose not to send. Of the kind a resolver may throw. */
    private static final class NotSent extends UnknownHostException {
        private static final long serialVersionUID = 1;

        private final String why;

        NotSent(String why) {
            super(why);
            this.why = why;
        }
    }
}
