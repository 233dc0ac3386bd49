/**
 * What the registry and the gateway ask of a database, in our own nouns. `src/db` answers with Postgres.
 *
 * Every method throws DATABASE_UNAVAILABLE when the database did not answer; `null` always means "does not
 * exist", never "could not find out".
 */
import type { Digest } from "../abi/digest.js";
import type { Address } from "../ens/address.js";
import type { Node } from "../ens/namehash.js";
import type { NormalName } from "../ens/normalize.js";
import type { ApiKey, NewApiKey } from "./domains/apiKey.js";
import type { Domain, ServedResolver } from "./domains/domain.js";
import type { DomainPolicy } from "./domains/domainPolicy.js";
import type { Reservation } from "./domains/reservation.js";
import type { HistoryEnd } from "./history/historyChain.js";
import type { SealedEntry } from "./history/historyEntry.js";
import type { KnownName, NameChange, NameTarget } from "./history/lockedName.js";
import type { SignatureState } from "./names/signatureState.js";
import type { ServedName, VersionedName } from "./names/storedName.js";

/** The gateway's questions: one read each. */
export interface RecordSource {
  /** What a node answers with, or null when the name does not exist. */
  recordsOf(node: Node): Promise<ServedName | null>;
  /** Every resolver that this installation serves. */
  servedResolvers(): Promise<readonly ServedResolver[]>;
}

/** A page of names; `next` goes into `after` for the page behind it, null on the last. */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** The registry's questions about names. */
export interface NameStore {
  nameOf(node: Node): Promise<VersionedName | null>;
  /** What the signatures of a node's owners have used up, also when the name is gone. */
  signatureStateOf(node: Node): Promise<SignatureState>;
  /**
   * Locks the names, whether they exist or not, asks `decide` for each of them and writes what it answers (null:
   * nothing): all in one transaction, which is rolled back when `decide` throws. Changes to one name never
   * interleave. Each node once; INTERNAL otherwise. Returns the version of each name afterwards, null where there is
   * none.
   *
   * @param pause awaited for each name; without it others have their turn only between statements
   */
  changeNames(
    targets: readonly NameTarget[],
    decide: (known: KnownName, index: number) => NameChange | null,
    pause?: () => Promise<void>,
  ): Promise<readonly (bigint | null)[]>;
  /** The names of a domain that begin with `prefix`, in the order of their UTF-8 bytes, behind `after`. */
  namesOfDomain(
    domain: string,
    page: { readonly prefix: string; readonly after: string; readonly limit: number },
  ): Promise<Page<VersionedName>>;
  /**
   * At most `limit` names of a domain that show the profile of their owner and that nobody holds,
   * the oldest first.
   */
  namesShowing(
    wallet: Address,
    domain: string,
    fingerprint: Digest,
    limit: number,
  ): Promise<readonly VersionedName[]>;
  /** Of the wallet's names in the domain that show a profile, but the one made of an address, the first. */
  nameShownFor(wallet: Address, domain: string): Promise<string | null>;
  /** Whether a wallet's profile was replaced or deleted under any name, and no name of it shows it now. */
  isSuperseded(wallet: Address, fingerprint: Digest): Promise<boolean>;
  /** Fingerprints of the profiles that must not come back under a node. */
  retiredUnder(node: Node): Promise<readonly Digest[]>;
  /** The entries of a name behind number `after`, oldest first. */
  historyOf(node: Node, after: number, limit: number): Promise<readonly SealedEntry[]>;
  /** The nodes that have a name or a history, in the order of their bytes, behind `after` (null: from the first). */
  nodes(after: Node | null, limit: number): Promise<readonly Node[]>;
  /** Where the history of a node ends, or null before its first entry. */
  historyEndOf(node: Node): Promise<HistoryEnd | null>;
}

export interface DomainStore {
  /**
   * Creates the resolver's domain with its first API key, and connects the resolver: all or nothing. Throws
   * NAME_TAKEN when the domain exists.
   */
  addDomain(resolver: ServedResolver, key: NewApiKey): Promise<void>;
  /** Lets a resolver answer for an existing domain; doing it again changes nothing. NOT_FOUND without the domain. */
  connectResolver(resolver: ServedResolver): Promise<void>;
  /** Takes it back; false when the resolver did not answer for the domain. */
  disconnectResolver(resolver: ServedResolver): Promise<boolean>;
  /**
   * Takes a domain away with its keys, reservations and resolvers. Throws NOT_FOUND without the domain, INVALID_REQUEST
   * while it has names.
   */
  removeDomain(domain: string): Promise<void>;
  /** The resolvers that answer for a domain. */
  resolversOf(domain: string): Promise<readonly ServedResolver[]>;
  /** Changes what is given. NOT_FOUND without the domain. */
  changeDomain(
    domain: string,
    changes: { readonly owner?: Address | null; readonly policy?: Partial<DomainPolicy> },
  ): Promise<Domain>;
  domains(): Promise<readonly Domain[]>;
  /** The most specific domain that a name lies under, or null. */
  domainHolding(name: NormalName): Promise<Domain | null>;

  /** Returns the key's id. NOT_FOUND without the domain. */
  addApiKey(domain: string, key: NewApiKey): Promise<string>;
  /** The keys of a domain, the oldest first, the revoked ones among them. */
  apiKeys(domain: string): Promise<readonly ApiKey[]>;
  /** The key with this SHA-256, or null when there is none or it was revoked. */
  apiKeyOf(hash: Digest): Promise<ApiKey | null>;
  /** Ends a key for good; false when the domain has no such key. */
  revokeApiKey(domain: string, id: string): Promise<boolean>;
  /** Revokes every key of the domain, and adds one: both or nothing. NOT_FOUND without the domain. */
  replaceApiKeys(domain: string, key: NewApiKey): Promise<void>;
  /** Notes that a key was used, unless that was noted less than a minute ago. */
  noteUse(keyId: string): Promise<void>;

  /** Reserves a name, or replaces its reservation. */
  reserve(reservation: Reservation): Promise<void>;
  /** False when there was none. */
  removeReservation(domain: string, name: NormalName): Promise<boolean>;
  /** The reservations of these names, by name; whether one still counts, tells `isInForce`. */
  reservationsAmong(names: readonly NormalName[]): Promise<ReadonlyMap<NormalName, Reservation>>;
  reservationsOf(domain: string, after: string, limit: number): Promise<Page<Reservation>>;
}

/** What the registry works on. */
export interface RegistryStores {
  readonly names: NameStore;
  readonly domains: DomainStore;
}

/** What is asked of API keys at the door. */
export type KeyStore = Pick<DomainStore, "apiKeyOf" | "noteUse">;
