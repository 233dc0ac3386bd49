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
import type { AliasDomain } from "./domains/aliasDomain.js";
import type { ApiKey, KeyLimits, NewApiKey } from "./domains/apiKey.js";
import type { Domain, Fence, Frozen, ServedResolver, Serving } from "./domains/domain.js";
import type { DomainPolicy } from "./domains/domainPolicy.js";
import type { HandedOver } from "./domains/handOver.js";
import type { Reservation } from "./domains/reservation.js";
import type { NewSession } from "./domains/session.js";
import type { StoredEnd } from "./history/historyChain.js";
import type { StoredEntry } from "./history/historyEntry.js";
import type { HandOverName, KnownName, NameChange, NameTarget } from "./history/lockedName.js";
import type { SignatureState } from "./names/signatureState.js";
import type { Standing } from "./names/standing.js";
import type { ServedName, VersionedName } from "./names/storedName.js";
import type { DivergentTwins, TwinnedName } from "./names/twins.js";

/** The gateway's questions: one read each. */
export interface RecordSource {
  /** What a node answers with, or null when the name does not exist. */
  recordsOf(node: Node): Promise<ServedName | null>;
  /** What is known of a name whose domain has a source, before that is asked. */
  standingOf(node: Node): Promise<Standing>;
  /** The wallets that own, by our own rows, another name of this domain that is this one to dm3's clients. */
  ownersOfTwins(twinned: TwinnedName): Promise<readonly Address[]>;
  /** Every resolver that this installation serves. */
  servedResolvers(): Promise<readonly ServedResolver[]>;
  /** The same, with every domain, alias domain and source, all of one moment. */
  serving(): Promise<Serving>;
}

/** A page of names; `next` goes into `after` for the page behind it, null on the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Which names of a domain: those that begin with `prefix`, behind `after`. */
export interface NamePage {
  readonly prefix: string;
  readonly after: string;
  readonly limit: number;
  /** Only those that this wallet owns. */
  readonly owner?: Address | null;
  /** Only those with this text before the domain. Such a page may have few names, or none, and still have a next one. */
  readonly contains?: string;
}

/** Which messaging gateways and bridges: those behind `after`. */
export interface NetworkPage {
  readonly after: string;
  readonly limit: number;
  /** Only those with this domain of the network; null for all. */
  readonly nativeDomain: string | null;
}

/** A page of what one domain holds. */
export interface OwnPage {
  readonly after: string;
  readonly limit: number;
}

export interface ListedNetwork {
  readonly name: string;
  readonly domain: string;
  /** The text of `network.dm3.network`. */
  readonly record: string;
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
  /** Of all domains, in the order of their UTF-8 bytes, but those that are suspended. */
  networks(page: NetworkPage): Promise<Page<ListedNetwork>>;
  /** The same of one domain. */
  networksOfDomain(domain: string, page: OwnPage): Promise<Page<ListedNetwork>>;
  /** The names of a domain, in the order of their UTF-8 bytes. */
  namesOfDomain(domain: string, page: NamePage): Promise<Page<VersionedName>>;
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
  /** The first of the wallet's names in the domain that show a profile, by their letters, but those made of an address. */
  namesShownFor(wallet: Address, domain: string, limit: number): Promise<readonly string[]>;
  /** Whether a wallet's profile was replaced or deleted under any name, and no name of it shows it now. */
  isSuperseded(wallet: Address, fingerprint: Digest): Promise<boolean>;
  /** Names that are one name to dm3's clients and belong to two wallets, as only earlier builds left them. */
  divergentTwins(limit: number): Promise<readonly DivergentTwins[]>;
  /** Fingerprints of the profiles that must not come back under a node. */
  retiredUnder(node: Node): Promise<readonly Digest[]>;
  /** The entries of a name behind number `after`, oldest first. */
  historyOf(node: Node, after: number, limit: number): Promise<readonly StoredEntry[]>;
  /** The nodes that have a name or a history, in the order of their bytes, behind `after` (null: from the first). */
  nodes(after: Node | null, limit: number): Promise<readonly Node[]>;
  /** Where the history of a node ends, or null before its first entry. */
  historyEndOf(node: Node): Promise<StoredEnd | null>;
}

export interface DomainStore {
  /**
   * Creates the resolver's domain with its first API key, connects the resolver, and hands over what lies below: names
   * say the new domain, reservations of the domain above end. All or nothing; changes of that domain's names wait. Throws
   * NAME_TAKEN when the domain exists, INVALID_REQUEST without `handOver` where names lie below, DOMAIN_FROZEN and FORBIDDEN
   * where the domain above is frozen, or a mirror.
   */
  addDomain(resolver: ServedResolver, key: NewApiKey, handOver?: HandOverName): Promise<HandedOver>;
  /**
   * Hands over to an existing domain what is its own and says another one, as builds before this one left it. Throws
   * NOT_FOUND without the domain, DOMAIN_FROZEN and FORBIDDEN where it, or the one above, is frozen, or a mirror.
   */
  takeOver(domain: string, handOver: HandOverName): Promise<HandedOver>;
  /** Lets a resolver answer for an existing domain; doing it again changes nothing. NOT_FOUND without the domain. */
  connectResolver(resolver: ServedResolver): Promise<void>;
  /** Takes it back; false when the resolver did not answer for the domain. */
  disconnectResolver(resolver: ServedResolver): Promise<boolean>;
  /**
   * Takes a domain away with its keys, reservations, aliases and resolvers. Its names go to the domain above it. Throws NOT_FOUND
   * without the domain, INVALID_REQUEST while it has names and none is above it, or no `handOver` is given, FORBIDDEN for a mirror,
   * DOMAIN_FROZEN where it, or the one above, is frozen.
   *
   * @param withdraw its names go with it, whatever is above it; also those of a frozen domain
   */
  removeDomain(
    domain: string,
    handOver?: HandOverName,
    withdraw?: HandOverName,
  ): Promise<HandedOver>;
  /**
   * From when it returns, names and reservations of the domain are changed by nobody, and answered for as before; null: they are
   * changed again. Changes that are under way come to their end first. Throws NOT_FOUND without the domain, FORBIDDEN for a mirror.
   */
  freeze(domain: string, frozen: Frozen | null): Promise<void>;
  /**
   * The same for good, for one of its mirrors, which becomes the primary. That one may do it again, also with another URL. Throws
   * NOT_FOUND without the domain, DOMAIN_FROZEN where it is frozen for another mirror, or writers are sent somewhere by hand, or it is
   * a mirror itself, or was one; LIMIT_EXCEEDED while changes of it are under way for too long.
   */
  fence(domain: string, fence: Fence): Promise<void>;
  /** Whether it is frozen, and that by `fence` for this mirror (`Fence.by`). Throws NOT_FOUND without the domain. */
  isFencedBy(domain: string, by: string): Promise<boolean>;
  /** The resolvers that answer for a domain. */
  resolversOf(domain: string): Promise<readonly ServedResolver[]>;
  /**
   * Changes what is given. Sessions end when the owner becomes another one, or signs in no more. Throws NOT_FOUND without the
   * domain, FORBIDDEN for a mirror, DOMAIN_FROZEN for one that is frozen; `ownerSignsIn` alone can be changed there as well.
   */
  changeDomain(
    domain: string,
    changes: {
      readonly owner?: Address | null;
      readonly ownerSignsIn?: boolean;
      readonly policy?: Partial<DomainPolicy>;
    },
  ): Promise<Domain>;
  domains(): Promise<readonly Domain[]>;
  /** The most specific domain that a name lies under, or null; also null where an alias domain is more specific. */
  domainHolding(name: NormalName): Promise<Domain | null>;

  /**
   * Lets the domain's names be answered for under one more name. Returns the domain that this lies under, or null. Throws
   * NOT_FOUND without the domain, NAME_TAKEN when the alias is a domain or an alias already, INVALID_REQUEST when the domain
   * is an alias itself, and where names or reservations lie at or below the alias.
   */
  addAlias(alias: AliasDomain): Promise<{ readonly above: string | null }>;
  /** The domain that it was an alias of; null when there was no such alias. */
  removeAlias(alias: string): Promise<string | null>;
  /** All of them, in the order of their names. */
  aliases(): Promise<readonly AliasDomain[]>;

  /** Returns the key's id. NOT_FOUND without the domain. */
  addApiKey(domain: string, key: NewApiKey): Promise<string>;
  /**
   * The keys of a domain in pages, the newest first, the revoked ones among them: those before the key `after` (null: from the
   * newest), by its id.
   */
  apiKeyPage(domain: string, after: string | null, limit: number): Promise<Page<ApiKey>>;
  /**
   * The key with this SHA-256, or null when there is none or it was revoked; of a session also when its time is over, or
   * its wallet is not the domain's owner any more, or may not sign in.
   */
  apiKeyOf(hash: Digest): Promise<ApiKey | null>;
  /**
   * Begins a session, and ends the domain's oldest where there are too many. Null unless the wallet is the domain's owner.
   * Throws WRONG_SEQUENCE where the digest opened one already, LIMIT_EXCEEDED where too many began of late, or a longer
   * change keeps the domain.
   */
  openSession(
    session: NewSession,
    assertStillInTime: () => void,
  ): Promise<{ readonly expiresMs: number } | null>;
  /** Ends a key for good; false when the domain has no such key. */
  revokeApiKey(domain: string, id: string): Promise<boolean>;
  /** Changes the limits that are given, at once; null when the domain has no such key that still works. */
  limitApiKey(domain: string, id: string, limits: Partial<KeyLimits>): Promise<ApiKey | null>;
  /** Revokes every key of the domain, and adds one: both or nothing. NOT_FOUND without the domain. */
  replaceApiKeys(domain: string, key: NewApiKey): Promise<void>;
  /** Notes that a key was used, unless that was noted less than a minute ago. */
  noteUse(keyId: string): Promise<void>;

  /**
   * Reserves a name, or replaces its reservation. Throws FORBIDDEN unless its domain holds the name, NAME_TAKEN or
   * NAME_RESERVED where one that dm3's clients take for the same belongs to another wallet, LIMIT_EXCEEDED while a longer
   * change keeps the domain or such a name.
   */
  reserve(reservation: Reservation): Promise<void>;
  /** False when there was none. */
  removeReservation(domain: string, name: NormalName): Promise<boolean>;
  reservationsOf(domain: string, after: string, limit: number): Promise<Page<Reservation>>;
}

/** What the registry works on. */
export interface RegistryStores {
  readonly names: NameStore;
  readonly domains: DomainStore;
}

/** What is asked of API keys at the door. */
export type KeyStore = Pick<DomainStore, "apiKeyOf" | "noteUse">;
