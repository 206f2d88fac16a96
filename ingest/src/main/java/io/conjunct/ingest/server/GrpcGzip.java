// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.grpc.Decompressor;
import java.io.InputStream;

/** Tells gRPC that messages may be packed. It unpacks none: they go past it ({@link ArrivingMessage}). */
final class GrpcGzip implements Decompressor {
    @Override
    public String getMessageEncoding() {
        return "gzip";
    }

    @Override
    public InputStream decompress(InputStream nothing) {
        return nothing;
    }
}
