/** Whom the doctor examines, and with which instruments. */
import type { PublishedNames } from "../chain/hiddenNames.js";
import { type Address, parseAddress } from "../ens/address.js";
import { resolvableName } from "../ens/resolvableName.js";
import { SignpostError } from "../errors.js";
import { Deadline } from "../fetch/deadline.js";
import type { Fetcher } from "../fetch/fetcher.js";
import { guardUrl } from "../fetch/urlGuard.js";
import type { Chain } from "../lookup/askNode.js";
import { httpProvider } from "../lookup/httpProvider.js";
import { ENS_REGISTRY, IPFS_GATEWAYS, universalResolverIn } from "../lookup/resolveOptions.js";
import type { Eip1193Provider } from "../lookup/rpc.js";
import type { DnsOptions } from "../net/domainConsent.js";
import {
  createGuardedFetcher,
  exchange,
  guardedAgent,
  type HttpAnswer,
  type HttpRequest,
} from "../net/guardedFetch.js";

export interface DoctorOptions {
  /** The chain that the ENS registry is on: an EIP-1193 provider, or the URL of an RPC node. */
  readonly rpc: string | Eip1193Provider;
  /** Address of the ENS registry. Default: the one of Ethereum mainnet and its public testnets. */
  readonly ensRegistry?: string | undefined;
  /** Address of the UniversalResolver (ENSIP-23), null for none. Default: ENS's own, unless another registry is given. */
  readonly universalResolver?: string | null | undefined;
  /** Lets gateways be on this machine; they are not asked otherwise. */
  readonly allowLoopback?: boolean;
  /** Sends 20 requests at once to gateways on this machine. */
  readonly burst?: boolean;
  /** For everything together, in milliseconds. */
  readonly timeoutMs?: number;
  /** How the word of a network's own domain is asked for. */
  readonly dns?: DnsOptions;
  /** IPFS gateways for profiles that are there. */
  readonly ipfsGateways?: readonly string[];
  /** What the service publishes below a domain; not given where there is no service to ask. */
  readonly publishedNames?: (domain: string) => Promise<PublishedNames>;
}

export interface Patient extends Chain {
  readonly givenName: string;
  readonly ensRegistry: Address;
  /** Null where none is to be asked. */
  readonly universalResolver: Address | null;
  readonly allowLoopback: boolean;
  readonly burst: boolean;
  readonly ipfsGateways: readonly string[];
  readonly dns: DnsOptions;
  readonly publishedNames: ((domain: string) => Promise<PublishedNames>) | null;
  /** For the stages of the SDK. */
  readonly fetcher: Fetcher;
  /** One HTTP request with all headers to see. Throws like a Fetcher. */
  exchange(request: HttpRequest & { readonly url: string }): Promise<HttpAnswer>;
}

const DEFAULT_DOCTOR_TIMEOUT_MS = 60_000;
const LONGEST_TIMEOUT_MS = 600_000;

/** viem gives up after 10 seconds; one more shows how slow a gateway is rather than that it is. */
const PATIENCE_MS = 11_000;

/** Throws INVALID_REQUEST for options that make no sense. The name may be anything: that is a check. */
export function admit(givenName: string, options: DoctorOptions): Patient {
  const { rpc, timeoutMs = DEFAULT_DOCTOR_TIMEOUT_MS, allowLoopback = false } = options;
  if (!(timeoutMs >= 1 && timeoutMs <= LONGEST_TIMEOUT_MS)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `The time-out is ${timeoutMs} ms. Give between 1 ms and ${LONGEST_TIMEOUT_MS} ms.`,
    );
  }
  const agent = guardedAgent({ allowLoopback });
  return {
    givenName,
    provider: typeof rpc === "string" ? httpProvider(rpc, PATIENCE_MS) : rpc,
    deadline: new Deadline(timeoutMs),
    ensRegistry: parseAddress(options.ensRegistry ?? ENS_REGISTRY),
    universalResolver: universalResolverIn(options),
    allowLoopback,
    burst: options.burst ?? false,
    ipfsGateways: options.ipfsGateways ?? IPFS_GATEWAYS,
    dns: options.dns ?? {},
    publishedNames: options.publishedNames ?? null,
    fetcher: createGuardedFetcher({ allowLoopback }),
    exchange: async (request) =>
      await exchange(agent, guardUrl(request.url, { allowLoopback }), request),
  };
}

/** The name in normal form. Throws INVALID_NAME, which `name-normalised` reports. */
export function nameOf({ givenName }: Patient): string {
  return resolvableName(givenName).name;
}

/** No request to a gateway takes longer than its clients wait, nor longer than is left for the whole. */
export function patienceMs({ deadline }: Patient): number {
  return Math.min(PATIENCE_MS, deadline.remainingMs);
}

/** Something that several checks look at, and that is asked only once for each patient. */
export function observation<T>(
  observe: (patient: Patient) => Promise<T>,
): (patient: Patient) => Promise<T> {
  const seen = new WeakMap<Patient, Promise<T>>();
  return (patient) => {
    let observed = seen.get(patient);
    if (observed === undefined) seen.set(patient, (observed = observe(patient)));
    return observed;
  };
}

/** The same for each of a patient's gateway URLs. */
export function observationOfUrl<T>(
  observe: (patient: Patient, url: string) => Promise<T>,
): (patient: Patient, url: string) => Promise<T> {
  const urlsOf = observation(() => Promise.resolve(new Map<string, Promise<T>>()));
  return async (patient, url) => {
    const seen = await urlsOf(patient);
    let observed = seen.get(url);
    if (observed === undefined) seen.set(url, (observed = observe(patient, url)));
    return await observed;
  };
}
