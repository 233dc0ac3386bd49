/**
 * What the registry and the gateway ask of a database, in our own nouns. `src/db` answers with Postgres.
 *
 * Every method throws DATABASE_UNAVAILABLE when the database did not answer; `null` always means "does not
 * exist", never "could not find out".
 */
import { type NameRecords, NO_RECORDS } from "../ens/records.js";

/** A name under a domain, with everything it answers with. */
export interface StoredName extends NameRecords {
  /** namehash of `name`, 32 bytes. */
  readonly node: Uint8Array;
  /** Full ENS name in ENSIP-15 normal form. */
  readonly name: string;
  /** The domain that it lies under. */
  readonly domain: string;
  /** `profileFingerprint` of the published profile (32 bytes), or null when there is none. */
  readonly profileFingerprint: Uint8Array | null;
}

/** A name without any record yet. */
export function emptyName(node: Uint8Array, name: string, domain: string): StoredName {
  return { ...NO_RECORDS, node, name, domain, profileFingerprint: null };
}

/** An ENS name whose resolver is ours, owned by one service. */
export interface Domain {
  /** In ENSIP-15 normal form. */
  readonly name: string;
}

/** A resolver contract that answers for a domain. */
export interface ServedResolver {
  readonly chainId: bigint;
  /** Contract address, 20 bytes. */
  readonly resolver: Uint8Array;
  readonly domain: string;
}

/** What a name answers with, and the version of it: while that is the same, so are the records. */
export interface ServedName {
  readonly records: NameRecords;
  /** A number in decimal that no other state of any name ever has. */
  readonly version: string;
}

/** The gateway's questions: one read each. */
export interface RecordSource {
  /** What a node (32 bytes) answers with, or null when the name does not exist. */
  recordsOf(node: Uint8Array): Promise<ServedName | null>;
  /** Every resolver that this installation serves. */
  servedResolvers(): Promise<readonly ServedResolver[]>;
}

/** One name, locked: two changes to the same name never interleave. */
export interface LockedName {
  /** The name as it is now, or null. */
  readonly current: StoredName | null;
  /** Whether a profile with this fingerprint was replaced or deleted before, under this name. */
  hasRetired(profileFingerprint: Uint8Array): Promise<boolean>;
  /** Remembers for ever that this profile must not come back under this name. */
  retire(profileFingerprint: Uint8Array): Promise<void>;
  /** Creates or replaces the whole row. */
  save(name: StoredName): Promise<void>;
}

/** The registry's questions. */
export interface NameStore {
  nameOf(node: Uint8Array): Promise<StoredName | null>;
  /** Runs `change` in one transaction under the name's lock; commits when it returns, rolls back when it throws. */
  changeName<T>(node: Uint8Array, change: (name: LockedName) => Promise<T>): Promise<T>;
}

export interface DomainStore {
  /**
   * Creates the resolver's domain with the SHA-256 of its API key (32 bytes), and connects the resolver: both
   * or nothing. Throws NAME_TAKEN when the domain exists.
   */
  addDomain(resolver: ServedResolver, apiKeyHash: Uint8Array): Promise<void>;
  /** Lets a resolver answer for an existing domain; doing it again changes nothing. NOT_FOUND without the domain. */
  connectResolver(resolver: ServedResolver): Promise<void>;
  /** Replaces the hash of the domain's API key. NOT_FOUND without the domain. */
  setApiKeyHash(domain: string, apiKeyHash: Uint8Array): Promise<void>;
  /** The domain whose API key has this SHA-256, or null. */
  domainOfApiKey(apiKeyHash: Uint8Array): Promise<Domain | null>;
  domains(): Promise<readonly Domain[]>;
  /** The most specific domain that a name (in normal form) lies under, or null. */
  domainHolding(name: string): Promise<Domain | null>;
}

/** What the registry works on. */
export interface RegistryStores {
  readonly names: NameStore;
  readonly domains: DomainStore;
}
