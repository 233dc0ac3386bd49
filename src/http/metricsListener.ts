/**
 * GET /metrics. Domains and how much they are asked are the operator's business: see
 * docs/decisions/0010-who-may-read-metrics.md for who is answered.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import ipaddr from "ipaddr.js";

/** Returns false, and does nothing, for a request that is not its own. */
export type MetricsListener = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface MetricsListenerParts {
  /** In Prometheus' text format. */
  readonly text: () => Promise<string>;
  readonly mayRead: (request: IncomingMessage) => boolean;
  readonly onFailure: (cause: unknown) => void;
}

export function metricsListener(parts: MetricsListenerParts): MetricsListener {
  const { text, mayRead, onFailure } = parts;
  return (request, response) => {
    const { method = "", url = "" } = request;
    const isOurs = /^\/metrics(?:\?|$)/.test(url) && (method === "GET" || method === "HEAD");
    if (!isOurs || !mayRead(request)) return false;
    text().then(
      (metrics) => {
        response.setHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
        response.setHeader("cache-control", "no-store");
        response.end(metrics);
      },
      (cause: unknown) => {
        onFailure(cause);
        response.writeHead(500).end();
      },
    );
    return true;
  };
}

/** What proxies say of whom they ask for. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-real-ip", "via", "cf-connecting-ip"];

/** Whether a program of this machine asks for itself, and not a proxy for somebody else. */
export function isFromThisMachine({ headers, socket }: IncomingMessage): boolean {
  if (FORWARDED.some((name) => headers[name] !== undefined)) return false;
  const address = socket.remoteAddress ?? "";
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}
