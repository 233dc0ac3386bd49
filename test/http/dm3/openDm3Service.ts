/** The service with dm3's own API, over real HTTP on an empty Postgres: its two domains are the ones of the recording. */
import type { RegistryServiceOptions } from "../../../src/capabilities/registry/registryService.js";
import { addDomain } from "../../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { bytes } from "../../db/sampleNames.js";
import { openTestService, type TestService } from "../openTestService.js";

export const ADDRESSES = "addr.dm3.eth";
export const NAMES = "user.dm3.eth";
export const ADDRESSES_KEY = apiKeyFrom(bytes(32, 3));
export const NAMES_KEY = apiKeyFrom(bytes(32, 4));

/** What comes back, byte for byte; an empty body has no content type. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

export interface Dm3Service extends TestService {
  get(path: string): Promise<RawAnswer>;
  post(path: string, body: unknown): Promise<RawAnswer>;
}

export async function openDm3Service(
  options: Partial<RegistryServiceOptions> = {},
): Promise<Dm3Service> {
  const dm3Domains = { addresses: ADDRESSES, names: NAMES };
  const http = await openTestService(undefined, { dm3Domains, ...options });
  const { domains } = http.service;
  const served = { chainId: 1n, resolver: bytes(20, 0x5f) };
  await addDomain(domains, { domain: ADDRESSES, ...served }, ADDRESSES_KEY);
  await addDomain(domains, { domain: NAMES, ...served }, NAMES_KEY);
  await domains.changeDomain(ADDRESSES, { policy: { addressNames: true } });
  await domains.changeDomain(NAMES, { policy: { claims: "wallets" } });
  const ask = async (path: string, init?: RequestInit): Promise<RawAnswer> => {
    const response = await fetch(http.url + path, init);
    const contentType = response.headers.get("content-type");
    return { status: response.status, contentType, body: await response.text() };
  };
  return {
    ...http,
    get: (path) => ask(path),
    post: (path, body) =>
      ask(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}
