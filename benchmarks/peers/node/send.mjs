// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
//
// send.mjs URL: 500 spans a second by the OpenTelemetry SDK at its defaults, for two seconds, then ten in which whoever
// started this keeps the other side away (it is told "away" and "back"), then two more. Ends with "ended N".
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { SpanKind } from '@opentelemetry/api';

const PER_SECOND = 500;
const AWAY = 2 * PER_SECOND;
const BACK = 12 * PER_SECOND;
const END = 14 * PER_SECOND;

const exporter = new OTLPTraceExporter({ url: process.argv[2] + '/v1/traces' });
const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 500 })],
});
const tracer = provider.getTracer('test');
const begin = Date.now();
let ended = 0;
const timer = setInterval(async () => {
  const due = Math.min(END, Math.floor(((Date.now() - begin) * PER_SECOND) / 1000));
  for (; ended < due; ended++) {
    if (ended === AWAY) console.log('away');
    if (ended === BACK) console.log('back');
    tracer.startSpan('GET /cart', { kind: SpanKind.SERVER }).end();
  }
  if (ended === END) {
    clearInterval(timer);
    await provider.forceFlush().catch(() => {});
    await provider.shutdown().catch(() => {});
    console.log('ended ' + ended);
  }
}, 10);
