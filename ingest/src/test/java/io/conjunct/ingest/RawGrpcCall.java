// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One gRPC call over a connection of its own, frame by frame. It keeps to the rules of HTTP/2, not to those of gRPC. */
final class RawGrpcCall implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int ACKNOWLEDGED = 1;
    private static final int END_OF_STREAM = 1;
    private static final int END_OF_HEADERS = 4;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int CANCEL = 8;
    private static final int FRAME = 16 * 1024;
    private static final int UNTOLD_WINDOW = 65_535;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private final List<Integer> updates = new ArrayList<>();
    private int initialWindow = UNTOLD_WINDOW;
    private int streamWindow = UNTOLD_WINDOW;
    private int connectionWindow = UNTOLD_WINDOW;
    private @Nullable Integer status;

    /** Begins it when the server's settings are known. */
    RawGrpcCall(int port) throws IOException {
        this(port, true);
    }

    /** @param patient whether it waits for the settings of the server before it begins; not all clients do */
    RawGrpcCall(int port, boolean patient) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0], 0, 0);
        while (patient && initialWindow == UNTOLD_WINDOW) {
            hear();
        }
        // POST and http by index, the rest spelled out without an index.
        byte[] block = ("\u0083\u0086" + literal("\u0004", "/" + TraceServiceGrpc.SERVICE_NAME + "/Export")
                        + literal("\u0001", "x") + literal("\u000f\u0010", "application/grpc")
                        + literal("\u0000\u0002te", "trailers"))
                .getBytes(StandardCharsets.ISO_8859_1);
        frame(HEADERS, END_OF_HEADERS, 1, block, 0, block.length);
    }

    private static String literal(String name, String value) {
        return name + (char) value.length() + value;
    }

    static byte[] prefix(int flag, int length) {
        return ByteBuffer.allocate(5).put((byte) flag).putInt(length).array();
    }

    void send(byte[] bytes, boolean last) throws IOException {
        send(bytes, FRAME, last);
    }

    /** @param longest bytes per frame */
    void send(byte[] bytes, int longest, boolean last) throws IOException {
        int sent = 0;
        do {
            int count = Math.min(longest, bytes.length - sent);
            while (Math.min(streamWindow, connectionWindow) < count) {
                hear();
            }
            boolean ends = last && sent + count == bytes.length;
            frame(DATA, ends ? END_OF_STREAM : 0, 1, bytes, sent, count);
            sent += count;
            streamWindow -= count;
            connectionWindow -= count;
        } while (sent < bytes.length);
    }

    void cancel() throws IOException {
        frame(RESET, 0, 1, new byte[] {0, 0, 0, CANCEL}, 0, 4);
    }

    /** By how much its window was widened each time so far. */
    List<Integer> updates() {
        return updates;
    }

    /** The gRPC status it ends with, sooner or later; -1 when there is none. */
    int status() throws IOException {
        Integer known = status;
        while (known == null) {
            hear();
            known = status;
        }
        return known;
    }

    private void hear() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        ByteBuffer content = ByteBuffer.wrap(payload);
        if (type == WINDOW_UPDATE && stream == 0) {
            connectionWindow += content.getInt();
        } else if (type == WINDOW_UPDATE) {
            updates.add(content.getInt());
            streamWindow += updates.get(updates.size() - 1);
        } else if (type == SETTINGS && (flags & ACKNOWLEDGED) == 0) {
            settings(content);
        } else if (type == RESET && status == null) {
            status = -1;
        } else if (type == HEADERS) {
            trailers(payload);
        }
    }

    private void settings(ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            short id = content.getShort();
            int value = content.getInt();
            if (id == INITIAL_WINDOW_SIZE) {
                streamWindow += value - initialWindow;
                initialWindow = value;
            }
        }
        frame(SETTINGS, ACKNOWLEDGED, 0, new byte[0], 0, 0);
    }

    private void trailers(byte[] payload) throws IOException {
        try {
            Http2Headers headers = decoder.decodeHeaders(1, Unpooled.wrappedBuffer(payload));
            CharSequence code = headers.get("grpc-status");
            status = code == null ? status : Integer.valueOf(code.toString());
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    private void frame(int type, int flags, int stream, byte[] payload, int from, int count) throws IOException {
        out.writeByte(count >> 16);
        out.writeShort(count);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload, from, count);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
