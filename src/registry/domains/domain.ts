/** A domain of a service, and the resolvers that answer for it. */
import type { DomainPolicy } from "./domainPolicy.js";

/** An ENS name whose resolver is ours, owned by one service. */
export interface Domain {
  /** In ENSIP-15 normal form. */
  readonly name: string;
  /** The wallet of the service (20 bytes), if it named one. */
  readonly owner: Uint8Array | null;
  readonly policy: DomainPolicy;
}

/** A resolver contract that answers for a domain. */
export interface ServedResolver {
  readonly chainId: bigint;
  /** Contract address, 20 bytes. */
  readonly resolver: Uint8Array;
  readonly domain: string;
}
