// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.otlp.Signal;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import java.net.SocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an HTTP request asks for, and the form its answer takes: the encoding of the request, JSON where that
 * is not known.
 *
 * @param problem why its body need not be read; null when it has to be
 * @param head whether the answer must have no body
 */
record HttpQuestion(
        @Nullable Signal wanted,
        @Nullable MediaType type,
        Sender sender,
        boolean gzip,
        boolean keepAlive,
        boolean head,
        @Nullable Reply problem) {

    /** Of a request that could not be read. */
    static final HttpQuestion NONE = new HttpQuestion(null, null, Sender.unlimited(), false, false, false, null);

    static HttpQuestion of(HttpRequest request, @Nullable SocketAddress peer, Access access) {
        Signal signal = signal(request.uri());
        MediaType type = MediaType.of(request.headers().get(HttpHeaderNames.CONTENT_TYPE));
        String encoding = request.headers()
                .get(HttpHeaderNames.CONTENT_ENCODING, "")
                .strip()
                .toLowerCase(Locale.ROOT);
        Sender sender = access.sender(request.headers().get(HttpHeaderNames.AUTHORIZATION), peer);
        Reply problem;
        if (signal == null) {
            problem = Reply.failed(Outcome.UNKNOWN_PATH, "POST to /v1/traces, /v1/logs or /v1/metrics");
        } else if (!request.method().equals(HttpMethod.POST)) {
            problem = Reply.failed(Outcome.WRONG_METHOD, "only POST is understood here");
        } else if (type == null) {
            problem = Reply.failed(
                    Outcome.WRONG_MEDIA_TYPE, "Content-Type has to be application/x-protobuf or application/json");
        } else if (!encoding.isEmpty() && !encoding.equals("gzip") && !encoding.equals("identity")) {
            problem = Reply.failed(Outcome.WRONG_MEDIA_TYPE, "Content-Encoding has to be gzip or absent");
        } else if (sender == null) {
            problem = Reply.failed(Outcome.UNAUTHENTICATED, "a bearer token is needed that is known here");
        } else {
            problem = access.refusal(sender).orElse(null);
        }
        return new HttpQuestion(
                signal,
                type,
                sender == null ? Sender.unlimited() : sender,
                encoding.equals("gzip"),
                HttpUtil.isKeepAlive(request),
                request.method().equals(HttpMethod.HEAD),
                problem);
    }

    private static @Nullable Signal signal(String uri) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        for (Signal signal : Signal.values()) {
            if (signal.httpPath().equals(path)) {
                return signal;
            }
        }
        return null;
    }

    /** The same, with nothing after it on its connection. */
    HttpQuestion last() {
        return new HttpQuestion(wanted, type, sender, gzip, false, head, problem);
    }

    Signal signal() {
        if (wanted == null) {
            throw new IllegalStateException("a request without a signal has a problem");
        }
        return wanted;
    }

    boolean json() {
        return type == MediaType.JSON;
    }

    String transport() {
        return type == null ? "http" : type.transport();
    }

    /** What metrics call the signal. */
    String kind() {
        return wanted == null ? "unknown" : wanted.label();
    }

    /** What metrics call the transport: that of an unknown path does not matter. */
    String door() {
        return wanted == null ? "http" : transport();
    }

    FullHttpResponse answer(Reply reply, boolean keepAlive) {
        MediaType as = type == null ? MediaType.JSON : type;
        ByteBuf body = Unpooled.wrappedBuffer(body(reply, as));
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.outcome().httpStatus()),
                head ? Unpooled.EMPTY_BUFFER : body);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, as.text());
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        if (reply.outcome().isRetryable()) {
            response.headers().setInt(HttpHeaderNames.RETRY_AFTER, reply.retrySeconds());
        }
        if (reply.outcome() == Outcome.WRONG_METHOD) {
            response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.POST);
        }
        if (reply.outcome() == Outcome.UNAUTHENTICATED) {
            response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        HttpUtil.setKeepAlive(response, keepAlive);
        return response;
    }

    private byte[] body(Reply reply, MediaType as) {
        if (reply.outcome() == Outcome.OK && wanted != null) {
            return as == MediaType.JSON ? reply.responseJson(wanted) : reply.responseProtobuf();
        }
        return as == MediaType.JSON ? reply.statusJson() : reply.status().toByteArray();
    }
}
