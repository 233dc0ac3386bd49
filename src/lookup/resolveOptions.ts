import { type Address, parseAddress } from "../ens/address.js";
import { SignpostError } from "../errors.js";
import { createBrowserFetcher } from "../fetch/browserFetcher.js";
import { Deadline } from "../fetch/deadline.js";
import type { Fetcher } from "../fetch/fetcher.js";
import { AnswerExpiry } from "./answerExpiry.js";
import { CheckLog } from "./checks.js";
import { httpProvider } from "./httpProvider.js";
import type { ProfileCache } from "./profileCache.js";
import type { SourceContext } from "./profileSource.js";
import type { Eip1193Provider } from "./rpc.js";
import { type EthersProvider, providerOf, type RequestingClient } from "./rpcSource.js";
import { ENS_UNIVERSAL_RESOLVER } from "./universalResolver.js";

export interface ResolveOptions {
  /**
   * The chain that the ENS registry is on: the URL of an RPC node, an EIP-1193 provider, a client of viem or wagmi, or a
   * provider of ethers.
   */
  readonly rpc: string | Eip1193Provider | RequestingClient | EthersProvider;
  /** Address of the ENS registry (ENSv1). Default: the one of Ethereum mainnet and its public testnets. */
  readonly ensRegistry?: string | undefined;
  /**
   * Address of ENS's UniversalResolver, which names the resolver in ENSv1 and ENSv2 alike; null to follow the registry
   * alone. Default: ENS's own, unless another registry is given.
   */
  readonly universalResolver?: string | null | undefined;
  /** IPFS gateways, tried in turn. What they answer is verified, so none has to be trusted. */
  readonly ipfsGateways?: readonly string[] | undefined;
  /** How CCIP gateways, links and IPFS are reached. Default: the guarded one of the platform. */
  readonly fetcher?: Fetcher | undefined;
  /** For one name, everything together, in milliseconds. A profile's relay nodes have as long again. */
  readonly timeoutMs?: number | undefined;
  /** Which of a profile's relay nodes are looked up: "all" (default), "first" that is found, or "none". */
  readonly relayNodes?: RelayNodeChoice | undefined;
  /** Gives found profiles again while their answers are valid: `createProfileCache()`, one for each chain. */
  readonly cache?: ProfileCache | undefined;
  /** Ends the lookup: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Lets gateways and links be on this machine. For local development. */
  readonly allowLoopback?: boolean | undefined;
}

const RELAY_NODE_CHOICES = ["all", "first", "none"] as const;
type RelayNodeChoice = (typeof RELAY_NODE_CHOICES)[number];

export const ENS_REGISTRY = "0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e";
export const IPFS_GATEWAYS: readonly string[] = [
  "https://trustless-gateway.link",
  "https://ipfs.io",
];
export const DEFAULT_TIMEOUT_MS = 15_000;

export const LONGEST_TIMEOUT_MS = 600_000;

/** Options, checked and complete: what the SDK works with inside. */
export interface ResolveSettings {
  readonly provider: Eip1193Provider;
  readonly ensRegistry: Address;
  readonly universalResolver: Address | null;
  readonly ipfsGateways: readonly string[];
  readonly fetcher: Fetcher;
  readonly timeoutMs: number;
  readonly relayNodes: RelayNodeChoice;
  readonly cache: ProfileCache | undefined;
  readonly signal: AbortSignal | undefined;
  readonly allowLoopback: boolean;
}

const KNOWN_OPTIONS: ReadonlySet<string> = new Set<keyof ResolveOptions>([
  "rpc",
  "ensRegistry",
  "universalResolver",
  "ipfsGateways",
  "fetcher",
  "timeoutMs",
  "relayNodes",
  "cache",
  "signal",
  "allowLoopback",
]);

/**
 * What the compiler cannot check for callers in JavaScript: that there is somebody to ask, and that no option
 * is misspelt and silently without effect. Throws INVALID_REQUEST.
 */
export function assertOptions(options: unknown): asserts options is ResolveOptions {
  if (typeof options !== "object" || options === null) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The options are missing. Give an object with rpc: an EIP-1193 provider or the URL of an RPC node.",
    );
  }
  const given = options as Record<string, unknown>;
  const unknown = Object.keys(given).find((option) => !KNOWN_OPTIONS.has(option));
  if (unknown !== undefined) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `There is no option ${unknown}. The options are ${[...KNOWN_OPTIONS].join(", ")}.`,
    );
  }
  const rpc = given["rpc"];
  if (typeof rpc !== "string" && providerOf(rpc) === null) throw noRpc();
}

function noRpc(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "The option rpc is missing. Give an EIP-1193 provider (window.ethereum), a client of viem or wagmi, a provider of ethers, or the URL of an RPC node.",
  );
}

/** Throws INVALID_REQUEST for options that make no sense. */
export function resolveSettings(options: ResolveOptions): ResolveSettings {
  assertOptions(options);
  const { rpc, timeoutMs = DEFAULT_TIMEOUT_MS, allowLoopback = false } = options;
  const { relayNodes = "all" } = options;
  if (!(timeoutMs >= 1 && timeoutMs <= LONGEST_TIMEOUT_MS)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `timeoutMs is ${timeoutMs}. Give milliseconds between 1 and ${LONGEST_TIMEOUT_MS}.`,
    );
  }
  if (!RELAY_NODE_CHOICES.includes(relayNodes)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `relayNodes is ${JSON.stringify(relayNodes)}. Give one of ${RELAY_NODE_CHOICES.join(", ")}.`,
    );
  }
  const provider =
    typeof rpc === "string" ? httpProvider(rpc, timeoutMs, { batches: true }) : providerOf(rpc);
  if (provider === null) throw noRpc();
  return {
    provider,
    ensRegistry: parseAddress(options.ensRegistry ?? ENS_REGISTRY),
    universalResolver: universalResolverIn(options),
    ipfsGateways: options.ipfsGateways ?? IPFS_GATEWAYS,
    fetcher: options.fetcher ?? createBrowserFetcher({ allowLoopback }),
    timeoutMs,
    relayNodes,
    cache: options.cache,
    signal: options.signal,
    allowLoopback,
  };
}

/** The one to ask, or null: ENS's own says nothing about the names of another registry. */
export function universalResolverIn({
  ensRegistry,
  universalResolver,
}: Pick<ResolveOptions, "ensRegistry" | "universalResolver">): Address | null {
  if (universalResolver === null) return null;
  if (universalResolver !== undefined) return parseAddress(universalResolver);
  const isEns = ensRegistry === undefined || sameText(ensRegistry, ENS_REGISTRY);
  return isEns ? ENS_UNIVERSAL_RESOLVER : null;
}

const sameText = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** Starts the clock for one name. */
export function startReading(settings: ResolveSettings): SourceContext {
  return {
    ...settings,
    deadline: new Deadline(settings.timeoutMs, settings.signal),
    checks: new CheckLog(),
    expiry: new AnswerExpiry(),
  };
}
