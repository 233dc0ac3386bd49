/** Attaching a name: naming its resolver in the ENS registry, or through the NameWrapper that holds the name. */
import { Interface, namehash } from "ethers";
import { type HiddenName, hiddenNamesText, type PublishedNames } from "../chain/hiddenNames.js";
import type { NameFacts, WrappedName } from "../chain/nameFacts.js";
import { GRACE_SEC, registrationState } from "../chain/registrationState.js";
import { refused, unsentTransaction } from "../chain/unsentTransaction.js";
import { type Fields, type Plan, unchanged } from "./change.js";

/** Fuses of ens-contracts' INameWrapper. */
const CANNOT_SET_RESOLVER = 0x8n;
const IS_DOT_ETH = 0x20000n;

const SET_RESOLVER = new Interface(["function setResolver(bytes32 node, address resolver)"]);

/** Who owns a name, and in which contract that counts. */
export interface NameHolder {
  /** Registry or NameWrapper: where the resolver is set, and where operators are approved. */
  readonly contract: string;
  readonly owner: string;
}

/**
 * @throws TRANSACTION_REFUSED when nobody can change the name as it is, with the reason
 */
export function nameHolder(facts: NameFacts): NameHolder {
  if (facts.owner === null) throw refused(nonexistent(facts), { name: facts.name });
  if (facts.wrapped === null) return { contract: facts.registry, owner: facts.owner };
  const { nameWrapper, owner } = facts.wrapped;
  if (owner === null) {
    throw refused(
      `${facts.name} is wrapped and has expired. Whoever owns the name above it can issue it again.`,
      { name: facts.name, nameWrapper },
    );
  }
  assertChangeable(facts.name, facts.wrapped);
  return { contract: nameWrapper, owner };
}

function assertChangeable(name: string, { fuses, expirySec, blockTimeSec }: WrappedName): void {
  if ((fuses & CANNOT_SET_RESOLVER) !== 0n) {
    throw refused(
      `the fuse CANNOT_SET_RESOLVER of ${name} is burnt. Nobody can change its resolver until the name expires (${isoTime(expirySec)}).`,
      { name, fuses: fuses.toString(), expirySec: expirySec.toString() },
    );
  }
  if ((fuses & IS_DOT_ETH) !== 0n && expirySec - GRACE_SEC < blockTimeSec) {
    throw refused(
      `${name} has expired and is in its grace period until ${isoTime(expirySec)}. Renew it first; anybody can.`,
      { name, expirySec: expirySec.toString() },
    );
  }
}

/** Null when there is something to do. `below` says what to know of the names below it: sentences. */
export function alreadyAttached(
  facts: NameFacts,
  resolver: string,
  below: readonly string[],
): Plan | null {
  if (facts.resolver !== resolver) return null;
  const already = `${resolver} is the resolver of ${facts.name} already.`;
  return unchanged([already, ...registrationNotes(facts), ...below].join(" "));
}

/** What somebody who attaches a domain should know of the names that are published below it: sentences. */
export function notesOfHidden(published: PublishedNames, hidden: readonly HiddenName[]): string[] {
  if (published.kind === "not-served") return [];
  if (published.kind === "unknown") {
    return [
      `Whether names that the service publishes have registry entries of their own could not be found out. ${published.reason}`,
    ];
  }
  if (hidden.length === 0) return [];
  const looked = `${published.areAll ? "" : "the first "}${published.names.length}`;
  return [
    `Of ${looked} names that the service publishes below it, ${hidden.length} stay hidden by registry entries with other resolvers: ${hiddenNamesText(hidden)}. Clients ask those. Let their owners take the resolver out of the entry, or delete the names at the service.`,
  ];
}

/**
 * Throws TRANSACTION_REFUSED for a name that anybody can register: whoever does decides over it.
 */
export function assertNotLost({ name, registration }: NameFacts): void {
  if (registration === null) return;
  const { kind, seen, advice } = registrationState(registration);
  if (kind !== "lost") return;
  throw refused(`${seen}. ${advice ?? ""} Or use --although-lost to attach ${name} all the same.`, {
    name,
  });
}

/** What somebody who attaches a name should know of its registration: sentences. */
function registrationNotes({ registration }: NameFacts): string[] {
  if (registration === null) return [];
  const { seen, advice } = registrationState(registration);
  const sentence = `${seen.charAt(0).toUpperCase()}${seen.slice(1)}.`;
  return advice === null ? [] : [`${sentence} ${advice}`];
}

export interface Attachment {
  readonly facts: NameFacts;
  readonly holder: NameHolder;
  /** Who will send the transaction, and whether the owner has approved it as an operator. */
  readonly account: string;
  readonly isApproved: boolean;
  /** Checksummed. */
  readonly resolver: string;
  /** What to know of the names below it: sentences. */
  readonly below: readonly string[];
}

/** @throws TRANSACTION_REFUSED when the account has no right to the name, with who has */
export function attachPlan(attachment: Attachment): Plan {
  const { facts, holder, account, isApproved, resolver, below } = attachment;
  if (account !== holder.owner && !isApproved) throw noRight(attachment);
  return {
    kind: "change",
    change: {
      title: `Attach ${facts.name} to the resolver ${resolver}`,
      transaction: unsentTransaction(SET_RESOLVER, holder.contract, "setResolver", [
        namehash(facts.name),
        resolver,
      ]),
      sender: account,
      before: nameFields(facts),
      after: { resolver: [resolver] },
      notes: [
        `All records of ${facts.name} and of the names below it that have no resolver of their own come from there, once the transaction stands.`,
        ...(facts.resolver === null
          ? []
          : [
              `Records that ${facts.resolver} holds are no longer seen; they stay in that contract.`,
            ]),
        ...registrationNotes(facts),
        ...below,
      ],
    },
  };
}

export function nameFields(facts: Pick<NameFacts, "resolver">): Fields {
  return { resolver: facts.resolver === null ? [] : [facts.resolver] };
}

function noRight({ facts, holder, account }: Attachment) {
  const where = facts.wrapped === null ? "the ENS registry" : "the NameWrapper";
  const hint =
    facts.wrapped === null && facts.ownerIsContract
      ? ` That is a contract: if it is a NameWrapper, give its address with --name-wrapper; if it is a multisig, use --propose.`
      : "";
  return refused(
    `${account} has no right to ${facts.name}. Its owner in ${where} is ${holder.owner}, and has not approved this account as an operator. The owner can run this command, or approve the account (setApprovalForAll).${hint}`,
    { name: facts.name, account, owner: holder.owner, contract: holder.contract },
  );
}

function nonexistent({ name, ancestor }: NameFacts): string {
  const who =
    ancestor === null
      ? "No name above it exists either: check --rpc and --registry."
      : `The owner of ${ancestor.name}, ${ancestor.owner}, can create it.`;
  return `${name} does not exist in the ENS registry. ${who}`;
}

function isoTime(seconds: bigint): string {
  // the wrapper's "never" lies beyond what a date can hold
  return seconds > 8_640_000_000_000n ? "never" : new Date(Number(seconds) * 1000).toISOString();
}
