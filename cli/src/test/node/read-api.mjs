// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0

// A read API in front of a warm cache, 100 requests a second, traced by the OpenTelemetry SDK for Node and sent as
// OTLP/HTTP JSON. The line `slow` on stdin makes each request take 400 ms, `fast` 20 ms. At the end of stdin it delivers
// what it has, prints how many spans of each series it traced, and exits.

import { createInterface } from 'node:readline';
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'node' }),
  spanProcessors: [
    // The exporter reads OTEL_EXPORTER_OTLP_ENDPOINT.
    new BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: 200, maxQueueSize: 100_000 }),
  ],
});
const tracer = provider.getTracer('read-api');
const traced = new Map();
let slow = false;
let served = 0;

function count(series) {
  traced.set(series, (traced.get(series) ?? 0) + 1);
}

function serve() {
  const hit = served++ % 20 !== 0;
  const end = Date.now();
  const startTime = end - (slow ? 400 : 20);
  const server = tracer.startSpan('GET /doc', { kind: SpanKind.SERVER, startTime });
  tracer
    .startSpan(
      'RedisGET',
      { kind: SpanKind.CLIENT, startTime, attributes: { 'cache.hit': hit } },
      trace.setSpan(ROOT_CONTEXT, server),
    )
    .end(end);
  server.end(end);
  count('GET /doc {span.kind=server, status=unset}');
  count(`RedisGET {cache.hit=${hit}, span.kind=client, status=unset}`);
}

const rounds = setInterval(() => {
  for (let i = 0; i < 10; i++) serve();
}, 100);

for await (const line of createInterface({ input: process.stdin })) {
  slow = line === 'slow';
}
clearInterval(rounds);
await provider.forceFlush();
await provider.shutdown();
for (const [series, spans] of traced) {
  console.log(`${series}=${spans}`);
}
