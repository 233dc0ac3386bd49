/** A domain of a service, and the resolvers that answer for it. */
import type { Address } from "../../ens/address.js";
import type { AliasDomain } from "./aliasDomain.js";
import type { DomainPolicy } from "./domainPolicy.js";

/** An ENS name whose resolver is ours, owned by one service. */
export interface Domain {
  /** In ENSIP-15 normal form. */
  readonly name: string;
  /** The wallet of the service, if it named one. */
  readonly owner: Address | null;
  /** Whether that wallet signs in here. Each installation says that for itself: it is in no export. */
  readonly ownerSignsIn: boolean;
  readonly policy: DomainPolicy;
  /** Null where its names can be changed here. */
  readonly frozen: Frozen | null;
}

/** A domain is answered for, and not changed: it is moving to another installation, or has moved. */
export interface Frozen {
  /** The URL of the service where it is changed now; null where that is not said. */
  readonly to: string | null;
}

/** A domain is frozen for the mirror that takes it over. */
export interface Fence {
  /** The URL of the service that writers are sent to from then on. */
  readonly to: string;
  /** A UUID that the mirror made for itself: the same one may do it again. Null: it does not say which one it is. */
  readonly by: string | null;
}

/** A resolver contract that answers for a domain. */
export interface ServedResolver {
  readonly chainId: bigint;
  /** Contract address. */
  readonly resolver: Address;
  readonly domain: string;
}

/** What this installation answers for. */
export interface Serving {
  readonly resolvers: readonly ServedResolver[];
  /** Every domain, also one that no resolver answers for. */
  readonly domains: readonly string[];
  readonly aliases: readonly AliasDomain[];
  /** Services' own data, each behind a domain. */
  readonly sources: readonly DomainSource[];
}

/** Which source stands behind a domain. */
export interface DomainSource {
  /** A number in decimal that no other source ever has: what is said of a source never changes. */
  readonly id: string;
  readonly domain: string;
}
