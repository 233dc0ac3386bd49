/** A primary over its service API, reached under guard: what it answers is bounded, and read by its shapes. */
import { setTimeout as delay } from "node:timers/promises";
import type { Hex } from "../../../abi/hex.js";
import { SignpostError } from "../../../errors.js";
import { foreignText } from "../../../fetch/foreignText.js";
import { retryAfterMs } from "../../../fetch/retryAfter.js";
import type { PrimaryPlace } from "../../../mirror/mirror.js";
import type { Primary } from "../../../mirror/primary.js";
import { openOperatorServer } from "../../../net/operatorServer.js";
import { domainSchema, frozenForSchema, frozenSchema } from "../../../wire/domain.js";
import {
  changedNodesSchema,
  exportedDomainSchema,
  exportedNamesSchema,
  exportedReservationsSchema,
  goneNamesSchema,
} from "../../../wire/exported.js";
import { refusalSchema, serviceDetails } from "../../../wire/refusal.js";
import type { Shape } from "../../../wire/shape.js";

const BOUNDS = { mostConnections: 2, connectTimeoutMs: 5_000 };
const TIMEOUT_MS = 15_000;
/** A page of names ends with the one that takes it over a megabyte, of which most is in quotes twice; a name has a megabyte more. */
const LARGEST_PAGE_BYTES = 32 * 1024 * 1024;
const SHORT_BYTES = 64 * 1024;
/** More than any page of ours has. */
const MOST_NODES = 2_000;
const LONGEST_CURSOR = 1_500;
const LONGEST_MESSAGE = 500;
/** Of one question that the primary puts off (HTTP 429): so often, and each time so long at most. */
const MOST_WAITS = 3;
const LONGEST_WAIT_MS = 30_000;

export interface OpenPrimary extends Primary {
  /** Which domain the key opens. */
  ownDomain(): Promise<string>;
}

/**
 * Throws FORBIDDEN_ADDRESS for a literal address that may not be connected to, INVALID_CONFIGURATION.
 * @param ended ends every question that is under way, as UNREACHABLE
 */
export function openPrimary(
  { url, network }: PrimaryPlace,
  apiKey: string,
  ended?: AbortSignal,
): OpenPrimary {
  const base = new URL(url.endsWith("/") ? url : `${url}/`);
  const server = openOperatorServer(base, network, BOUNDS);

  async function ask<T>(shape: Shape<T>, request: Question): Promise<T> {
    const { path, query = {}, body, waitSec = 0, maxBytes = LARGEST_PAGE_BYTES } = request;
    const target = new URL(`v1/${path}`, base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== null) target.searchParams.set(name, value);
    }
    const send = () =>
      server.send(target, {
        method: request.method ?? "GET",
        headers: {
          accept: "application/json",
          authorization: `Bearer ${apiKey}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        maxBytes,
        timeoutMs: TIMEOUT_MS + waitSec * 1000,
        ...(ended !== undefined && { signal: ended }),
      });
    let answer = await send();
    for (let waits = 0; answer.status === 429; waits++) {
      const pauseMs = retryAfterMs({ header: (name) => answer.headers.get(name) ?? null });
      if (waits === MOST_WAITS || pauseMs > LONGEST_WAIT_MS || ended?.aborted === true) {
        throw tooOften(base.origin, jsonOf(answer.body), pauseMs);
      }
      await delay(pauseMs, undefined, { signal: ended }).catch(() => undefined);
      answer = await send();
    }
    const json = jsonOf(answer.body);
    if (answer.status >= 400) throw refusal(base.origin, answer.status, json);
    if (shape.fits(json)) return json;
    throw unreadable(base.origin, "it answers with something else than the service API");
  }

  return {
    changes: async (after, waitSec) => {
      const query = { after, waitSec: String(waitSec) };
      const page = await ask(changedNodesSchema, { path: "export/changes", query, waitSec });
      const nodes = page.nodes.map((node) => nodeIn(base.origin, node));
      if (page.next.length > LONGEST_CURSOR || nodes.length > MOST_NODES)
        throw tooMuch(base.origin);
      return { nodes: [...new Set(nodes)], next: page.next, isEnd: page.isEnd };
    },
    names: async (asked) => {
      const body = { names: asked };
      const question = { method: "POST", path: "export/names", body } as const;
      const { names } = await ask(exportedNamesSchema, question);
      return names.map((one) => ({ ...one, node: nodeIn(base.origin, one.node) }));
    },
    gone: async (after) => {
      const page = await ask(goneNamesSchema, { path: "export/gone", query: { after } });
      if (page.nodes.length > MOST_NODES) throw tooMuch(base.origin);
      const nodes = page.nodes.map((node) => nodeIn(base.origin, node));
      return { nodes, next: page.next === null ? null : nodeIn(base.origin, page.next) };
    },
    domain: () => ask(exportedDomainSchema, { path: "export/domain" }),
    reservations: (after) =>
      ask(exportedReservationsSchema, { path: "export/reservations", query: { after } }),
    freeze: async (fence) => {
      const question = { method: "PUT", path: "domain/frozen", body: fence } as const;
      await ask(frozenSchema, { ...question, maxBytes: SHORT_BYTES });
    },
    isFrozenFor: async (by) => {
      const question = { path: "domain/frozen", query: { by }, maxBytes: SHORT_BYTES };
      return (await ask(frozenForSchema, question)).isFrozenFor;
    },
    ownDomain: async () => (await ask(domainSchema, { path: "domain" })).domain,
    close: () => server.close(),
  };
}

interface Question {
  readonly method?: "GET" | "POST" | "PUT";
  /** Below `/v1/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | null>>;
  readonly body?: unknown;
  readonly waitSec?: number;
  readonly maxBytes?: number;
}

function nodeIn(origin: string, text: string): Hex {
  if (/^0x[0-9a-f]{64}$/.test(text)) return text as Hex;
  throw unreadable(origin, "it tells of a node that is none");
}

function tooMuch(origin: string): SignpostError {
  return unreadable(origin, "a page of it holds more than one of ours");
}

function unreadable(origin: string, reason: string): SignpostError {
  return new SignpostError(
    "UNREACHABLE",
    `The primary ${origin} cannot be followed: ${reason}. Check that the URL is the one of a Signpost service of this version or a later one.`,
    { reason },
  );
}

function tooOften(origin: string, json: unknown, pauseMs: number): SignpostError {
  const said = refusalSchema.fits(json) ? foreignText(json.message, LONGEST_MESSAGE) : "HTTP 429.";
  const retryAfterSec = pauseMs / 1000;
  return new SignpostError("LIMIT_EXCEEDED", `The primary ${origin} answers: ${said}`, {
    retryAfterSec,
  });
}

/** The codes that are acted on stay; every other one is told. */
function refusal(origin: string, status: number, json: unknown): SignpostError {
  if (!refusalSchema.fits(json)) {
    return unreadable(origin, `it answers HTTP ${status}, not in the words of Signpost`);
  }
  const { code, message, details } = json;
  const sentence = `The primary ${origin} answers: ${foreignText(message, LONGEST_MESSAGE)}`;
  if (code === "CURSOR_OUTDATED" || code === "UNAUTHORIZED") {
    return new SignpostError(code, sentence, {});
  }
  if (code === "DOMAIN_FROZEN" && serviceDetails.DOMAIN_FROZEN.fits(details)) {
    return new SignpostError(code, sentence, details);
  }
  if (code === "FORBIDDEN") return new SignpostError(code, sentence, {});
  return status >= 500
    ? new SignpostError("UNREACHABLE", sentence, { reason: `it answers HTTP ${status}` })
    : new SignpostError("INVALID_REQUEST", sentence, { status });
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
