/** One lookup by the SDK, with whom it asked on the way. */
import {
  createBrowserFetcher,
  type Eip1193Provider,
  type Fetcher,
  isSignpostError,
  type ProfileOutcome,
  type ResolveOptions,
  resolveProfile,
} from "../../sdk/index.js";
import type { Wallet } from "../page-parts/wallets.js";
import { askedOnce } from "./askedOnce.js";
import { lookUpSigned, type SignedBeside } from "./lookUpSigned.js";
import { hostOf, type Settings } from "./settings.js";

/** A CCIP gateway, or the host of a linked profile. */
export interface ServerAsked {
  readonly origin: string;
  /** HTTP status of each answer; null for none. */
  readonly answers: (number | null)[];
  slowestMs: number;
}

export interface Report {
  readonly outcome: ProfileOutcome;
  readonly signed: SignedBeside;
  readonly settings: Settings;
  readonly wallet: Wallet | null;
  /** Null where the node did not tell it. */
  readonly chainId: bigint | null;
  readonly servers: readonly ServerAsked[];
  readonly tookMs: number;
}

export interface Asked {
  readonly name: string;
  readonly settings: Settings;
  /** Of the browser, where one is to be asked. */
  readonly wallet: Wallet | null;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
}

/** Throws what the SDK throws for a name or an address that is none, and the reason of `signal`. */
export async function lookUp({ name, settings, wallet, signal, onStep }: Asked): Promise<Report> {
  const startedMs = performance.now();
  const servers = new Map<string, ServerAsked>();
  const rpc = wallet?.provider ?? settings.rpc;
  const { allowLoopback, ensRegistry, universalResolver } = settings;
  onStep(`Asking ${nodeText(settings, wallet)} which resolver answers for the name …`);
  const options: ResolveOptions = {
    ...{ rpc, signal, allowLoopback },
    fetcher: askedOnce(noting(createBrowserFetcher({ allowLoopback }), servers, onStep)),
    ...(ensRegistry !== "" && { ensRegistry }),
    ...(universalResolver !== "" && {
      universalResolver: universalResolver === "none" ? null : universalResolver,
    }),
  };
  const [outcome, chainId] = await Promise.all([
    resolveProfile(name, options),
    chainIdOf(rpc, signal),
  ]);
  onStep("Asking what else is signed for it …");
  const signed = await lookUpSigned(outcome, options);
  const tookMs = performance.now() - startedMs;
  return { outcome, signed, settings, wallet, chainId, servers: [...servers.values()], tookMs };
}

export function nodeText({ via, rpc }: Settings, wallet: Wallet | null): string {
  if (via === "rpc") return `the RPC node ${hostOf(rpc)}`;
  return wallet === null || wallet.name === null
    ? "this browser’s wallet"
    : `the wallet ${wallet.name}`;
}

function noting(
  fetcher: Fetcher,
  servers: Map<string, ServerAsked>,
  onStep: Asked["onStep"],
): Fetcher {
  return async (request) => {
    const origin = hostOf(request.url);
    const server = servers.get(origin) ?? { origin, answers: [], slowestMs: 0 };
    servers.set(origin, server);
    onStep(`Asking ${origin} …`);
    const startedMs = performance.now();
    let status: number | null = null;
    try {
      const answer = await fetcher(request);
      ({ status } = answer);
      onStep(`Verifying what ${origin} answered …`);
      return answer;
    } finally {
      server.answers.push(status);
      server.slowestMs = Math.max(server.slowestMs, performance.now() - startedMs);
    }
  };
}

const LONGEST_CHAIN_ID_MS = 10_000;

/** Which chain it is, for people to see that it is the right one; the lookup does not depend on it. */
async function chainIdOf(
  rpc: string | Eip1193Provider,
  signal: AbortSignal,
): Promise<bigint | null> {
  const question = { method: "eth_chainId", params: [] };
  try {
    const id =
      typeof rpc === "string" ? await post(rpc, question, signal) : await rpc.request(question);
    return typeof id === "string" && /^0x[0-9a-f]{1,16}$/i.test(id) ? BigInt(id) : null;
  } catch {
    return null;
  }
}

async function post(url: string, question: object, signal: AbortSignal): Promise<unknown> {
  const gaveUp = new AbortController();
  const stop = () => {
    gaveUp.abort();
  };
  const timer = setTimeout(stop, LONGEST_CHAIN_ID_MS);
  signal.addEventListener("abort", stop);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...question }),
      redirect: "error",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: gaveUp.signal,
    });
    return ((await response.json()) as { result?: unknown }).result;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** What is wrong with the question itself, and with which field; null for an error that is no such thing. */
export function mistake(error: unknown): { field: "name" | "other"; sentence: string } | null {
  if (!isSignpostError(error)) return null;
  if (error.code === "INVALID_NAME") return { field: "name", sentence: error.message };
  if (error.code === "INVALID_REQUEST") {
    return { field: "other", sentence: error.message };
  }
  return null;
}
