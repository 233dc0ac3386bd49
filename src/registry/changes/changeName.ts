/**
 * The one way in which names change: find the domain, lock the name, ask the rules, write the new state and the
 * history together.
 */
import { namehash } from "../../ens/namehash.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import type { Domain } from "../domains/domain.js";
import type { Reservation } from "../domains/reservation.js";
import type { NameTarget } from "../history/lockedName.js";
import type { Action } from "../names/action.js";
import type { Authority } from "../names/authority.js";
import type { StoredName } from "../names/storedName.js";
import type { RegistryStores } from "../store.js";
import { decideChange } from "./decideChange.js";
import { assertExpected, type Expectation } from "./expectation.js";
import { domainOfName, domainsInMemory } from "./nameUnderDomain.js";

export interface Change {
  /** The domain in whose right the writer acts. */
  readonly domain: string;
  readonly name: string;
  /** One after the other; all or none. */
  readonly actions: readonly Action[];
  readonly authority: Authority;
  readonly expected?: Expectation;
}

export interface Outcome {
  readonly before: StoredName | null;
  readonly after: StoredName | null;
  /** Whether anything became different. */
  readonly isChanged: boolean;
  /** Of what is there afterwards; null when nothing is. */
  readonly version: bigint | null;
}

/** Unix time in milliseconds. */
export type Clock = () => number;

/** Lets others have their turn, between some items of many. */
export type Pause = () => Promise<void>;

const noPause: Pause = () => Promise.resolve();

/** So many names are locked at a time where each change counts by itself. */
const LOCKED_AT_ONCE = 100;

/** Each takes a tenth of a millisecond, for its namehash above all. */
const PREPARED_AT_ONCE = 100;

/**
 * Throws INVALID_NAME, FORBIDDEN (another domain's name), VERSION_CONFLICT, and what refuses an action
 * (`applyAction`).
 */
export async function changeName(
  registry: RegistryStores,
  change: Change,
  nowMs: Clock,
): Promise<Outcome> {
  const [outcome] = await write(registry, [await prepare(registry, change)], nowMs, rethrow);
  return outcomeOrThrow(outcome);
}

/** All of the changes, each to another name, or none. Throws as `changeName` does; details name the `item`, from 0. */
export async function changeTogether(
  registry: RegistryStores,
  changes: readonly Change[],
  nowMs: Clock,
  pause: Pause = noPause,
): Promise<readonly Outcome[]> {
  const prepared = (await prepareAll(registry, changes, pause)).map((one, index) =>
    one instanceof SignpostError ? rethrow(inItem(one, index)) : one,
  );
  const written = await write(registry, prepared, nowMs, (error, index) =>
    rethrow(inItem(error, index)),
  );
  return written.map(outcomeOrThrow);
}

/** Each change, to another name each, by itself: its outcome, or what refused it. An outage is thrown. */
export async function changeEach(
  registry: RegistryStores,
  changes: readonly Change[],
  nowMs: Clock,
  pause: Pause,
): Promise<readonly (Outcome | SignpostError)[]> {
  const prepared = await prepareAll(registry, changes, pause);
  const outcomes = prepared.map((one) => (one instanceof SignpostError ? one : null));
  const open = [...prepared.entries()].flatMap(([index, one]) =>
    one instanceof SignpostError ? [] : [{ index, one }],
  );
  const results: (Outcome | SignpostError | null)[] = [...outcomes];
  for (let at = 0; at < open.length; at += LOCKED_AT_ONCE) {
    const some = open.slice(at, at + LOCKED_AT_ONCE);
    const written = await write(
      registry,
      some.map(({ one }) => one),
      nowMs,
      (error) => error,
    );
    for (const [i, { index }] of some.entries()) results[index] = written[i] ?? null;
  }
  return results.map((one) => one ?? rethrow(noOutcome()));
}

interface PreparedChange {
  readonly change: Change;
  readonly domain: Domain;
  readonly reservation: Reservation | null;
  readonly target: NameTarget;
}

async function prepare({ domains }: RegistryStores, change: Change): Promise<PreparedChange> {
  const domain = await domainOfName(domains, change.name, change.domain);
  const reservations = await domains.reservationsAmong([change.name]);
  return prepared(change, domain, reservations);
}

/** Two reads, however many there are. */
async function prepareAll(
  { domains }: RegistryStores,
  changes: readonly Change[],
  pause: Pause,
): Promise<readonly (PreparedChange | SignpostError)[]> {
  const known = await domainsInMemory(domains);
  const held: (Domain | SignpostError)[] = [];
  for (const [index, { name, domain }] of changes.entries()) {
    if (index % PREPARED_AT_ONCE === 0) await pause();
    held.push(await domainOfName(known, name, domain).catch(refusalOf));
  }
  // of names only: what is none can hold what a database does not take
  const names = changes.flatMap(({ name }, index) =>
    held[index] instanceof SignpostError ? [] : [name],
  );
  const reservations = await domains.reservationsAmong(names);
  const all: (PreparedChange | SignpostError)[] = [];
  for (const [index, change] of changes.entries()) {
    if (index % PREPARED_AT_ONCE === 0) await pause();
    const domain = held[index] ?? rethrow(noOutcome());
    all.push(domain instanceof SignpostError ? domain : prepared(change, domain, reservations));
  }
  return all;
}

function refusalOf(error: unknown): SignpostError {
  return isSignpostError(error) ? error : rethrow(error);
}

function prepared(
  change: Change,
  domain: Domain,
  reservations: ReadonlyMap<string, Reservation>,
): PreparedChange {
  const { name, actions, authority } = change;
  const profile = actions.find(({ kind }) => kind === "publishProfile");
  const isWallet = authority.kind === "owner" || authority.kind === "dm3";
  return {
    change,
    domain,
    reservation: reservations.get(name) ?? null,
    target: {
      node: namehash(name),
      ...(profile?.kind === "publishProfile" && { fingerprint: profile.fingerprint }),
      ...(isWallet && { claimant: { wallet: authority.address, domain: domain.name } }),
    },
  };
}

/** @param onRefusal throws, or returns what becomes the item's result; then nothing of this item is written */
async function write(
  { names }: RegistryStores,
  changes: readonly PreparedChange[],
  nowMs: Clock,
  onRefusal: (error: SignpostError, index: number) => SignpostError,
): Promise<readonly (Outcome | SignpostError)[]> {
  const results: (Omit<Outcome, "version"> | SignpostError)[] = [];
  const targets = changes.map(({ target }) => target);
  const versions = await names.changeNames(targets, (known, index) => {
    const one = changes[index] ?? rethrow(noOutcome());
    try {
      const { name, actions, authority, expected } = one.change;
      if (expected) assertExpected(expected, name, known.stored);
      const situation = { ...one, node: one.target.node, name, nowMs: nowMs() };
      const { change, ...decided } = decideChange(known, situation, actions, authority);
      results[index] = { before: known.stored, ...decided };
      return change;
    } catch (error) {
      if (!isSignpostError(error)) throw error;
      results[index] = onRefusal(error, index);
      return null;
    }
  });
  return results.map((result, index) =>
    result instanceof SignpostError ? result : { ...result, version: versions[index] ?? null },
  );
}

function inItem({ code, message, details, cause }: SignpostError, item: number): SignpostError {
  return new SignpostError(
    code,
    `Nothing was changed, because item ${item} was refused: ${message}`,
    { ...details, item },
    { cause },
  );
}

function outcomeOrThrow(outcome: Outcome | SignpostError | undefined): Outcome {
  if (outcome === undefined || outcome instanceof SignpostError) {
    throw outcome ?? noOutcome();
  }
  return outcome;
}

function noOutcome(): SignpostError {
  return new SignpostError("INTERNAL", "A change came to no outcome.");
}

function rethrow(error: unknown): never {
  throw error;
}
