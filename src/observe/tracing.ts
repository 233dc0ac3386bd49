/**
 * Traces for OpenTelemetry: one span for a lookup or a request of the service API, with one below it for each thing
 * that it waited for. This file and its packages are loaded only where traces are wanted.
 *
 * A request's span is kept in the asynchronous context (AsyncLocalStorage), so that the gateway knows nothing of it.
 * The settings are OpenTelemetry's own (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER, ...), read by its packages.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, RequestListener } from "node:http";
import {
  defaultTextMapGetter,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { GatewayObserver } from "../gateway/observer.js";
import type { WorkObserver } from "./watch.js";

/** A collector that hangs must not keep a process from ending. */
const LONGEST_STOP_MS = 2_000;

export interface Tracing {
  /** The same listener, with a span around each request that is a lookup or one of the service API. */
  traced(listener: RequestListener): RequestListener;
  /** Adds to a lookup's span what it was about. */
  readonly gateway: GatewayObserver;
  /** A span for each piece of work that a request waits for. */
  readonly work: WorkObserver;
  /** Sends what is still to be sent, for 2 s at most. */
  stop(): Promise<void>;
}

interface TracedRequest {
  readonly span: Span;
  readonly startedMs: number;
  /** Whether the bytes of a lookup are still being taken apart. */
  isDecoding: boolean;
}

export interface TracingOptions {
  readonly version: string;
  /** Told when spans could not be sent. */
  readonly warn: (sentence: string) => void;
}

export function startTracing({ version, warn }: TracingOptions): Tracing {
  warnOfLoss(warn);
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": "signpost", "service.version": version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer("signpost", version);
  const requests = new AsyncLocalStorage<TracedRequest>();

  return {
    traced: (listener) => (request, response) => {
      const kind = kindOf(request.url ?? "");
      if (kind === null) {
        listener(request, response);
        return;
      }
      const traced = begin(tracer, kind, request);
      response.once("close", () => {
        endDecoding(tracer, traced);
        const status = response.writableFinished ? response.statusCode : null;
        if (status !== null) traced.span.setAttribute("http.response.status_code", status);
        if (status === null || status >= 500) traced.span.setStatus({ code: SpanStatusCode.ERROR });
        traced.span.end();
      });
      requests.run(traced, () => {
        listener(request, response);
      });
    },
    gateway: {
      answered({ domain, functionName, from }) {
        const traced = requests.getStore();
        if (!traced) return;
        // nothing was decoded for an answer at hand
        if (from === "cache") traced.isDecoding = false;
        traced.span.setAttributes({
          "signpost.domain": domain,
          "signpost.function": functionName,
          "signpost.source": from,
        });
      },
      refused(code) {
        requests.getStore()?.span.setAttribute("error.type", code);
      },
    },
    work(work) {
      const traced = requests.getStore();
      if (!traced) return () => undefined;
      endDecoding(tracer, traced);
      const span = tracer.startSpan(work, {}, trace.setSpan(ROOT_CONTEXT, traced.span));
      return (failure) => {
        if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      };
    },
    stop: async () => {
      const sent = provider.shutdown().catch((cause: unknown) => {
        warn(incomplete(String(cause)));
      });
      await Promise.race([sent, pause(LONGEST_STOP_MS)]);
      diag.disable();
    },
  };
}

type Kind = "lookup" | "api";

function kindOf(url: string): Kind | null {
  if (/^\/ccip(?:[/?]|$)/.test(url)) return "lookup";
  return /^\/v1(?:[/?]|$)/.test(url) ? "api" : null;
}

/** Below the caller's span, where the request names one (W3C Trace Context). */
function begin(tracer: Tracer, kind: Kind, request: IncomingMessage): TracedRequest {
  const { method = "", headers, url = "" } = request;
  const caller = new W3CTraceContextPropagator().extract(
    ROOT_CONTEXT,
    headers,
    defaultTextMapGetter,
  );
  const span = tracer.startSpan(
    kind === "lookup" ? "lookup" : `${method} /v1`,
    {
      kind: SpanKind.SERVER,
      attributes: {
        "http.request.method": method,
        // the path of a lookup is up to 48 KiB of call data
        ...(kind === "api" && { "url.path": url.replace(/\?.*$/s, "").slice(0, 300) }),
      },
    },
    caller,
  );
  return { span, startedMs: Date.now(), isDecoding: kind === "lookup" };
}

/** Decoding ends where the first wait begins, or with the refusal of what cannot be decoded. */
function endDecoding(tracer: Tracer, traced: TracedRequest): void {
  if (!traced.isDecoding) return;
  traced.isDecoding = false;
  const { span, startedMs: startTime } = traced;
  tracer.startSpan("decode", { startTime }, trace.setSpan(ROOT_CONTEXT, span)).end();
}

function warnOfLoss(warn: (sentence: string) => void): void {
  const ignore = () => undefined;
  diag.setLogger(
    {
      error: (message) => {
        warn(incomplete(message));
      },
      warn: ignore,
      info: ignore,
      debug: ignore,
      verbose: ignore,
    },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  );
}

function incomplete(why: string): string {
  return `Traces are not complete, because the collector did not take them: ${why.slice(0, 200)}`;
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs).unref());
}
