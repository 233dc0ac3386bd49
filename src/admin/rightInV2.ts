/** The right to a name in ENSv2: of accounts with the role, in the registry that has the name's entry. */
import { Interface } from "ethers";
import { dayOf, SOON_SEC } from "../chain/chainTime.js";
import type { EntryInV2 } from "../chain/ensV2.js";
import { refused, unsentTransaction } from "../chain/unsentTransaction.js";
import type { SignpostError } from "../errors.js";
import type { NameRight } from "./nameRight.js";

const SET_RESOLVER = new Interface(["function setResolver(uint256 anyId, address resolver)"]);
const ROLE = "ROLE_SET_RESOLVER";

export interface ClaimInV2 {
  readonly name: string;
  readonly entry: EntryInV2;
  /** The resolver that ENS names for exactly this name; checksummed. */
  readonly resolver: string | null;
  /** Who will send the transaction; null for a proposal by the owner. */
  readonly account: string | null;
  /** Whether the account, and whether the owner has the role. */
  readonly accountMay: boolean;
  readonly ownerMay: boolean;
}

/** @throws TRANSACTION_REFUSED when the name has no entry, or the account no right to it, with who has */
export function rightInV2(claim: ClaimInV2): NameRight {
  const { name, entry, resolver, account, accountMay, ownerMay } = claim;
  assertHasEntry(name, entry);
  const sender = account ?? (ownerMay ? entry.owner : null);
  if (sender === null || (account !== null && !accountMay)) throw noRight(claim);
  return {
    name,
    resolver,
    sender,
    setResolver: (next) =>
      unsentTransaction(SET_RESOLVER, entry.registry, "setResolver", [entry.id, next]),
    notes: expiryNotes(entry),
  };
}

/** Throws TRANSACTION_REFUSED when there is nothing yet whose resolver could be set. */
function assertHasEntry(name: string, entry: EntryInV2): void {
  const { name: held, status, registry, expirySec } = entry;
  if (status === "available") {
    const ended = expirySec === 0n ? "" : ` It ended on ${dayOf(expirySec)}.`;
    const below = held === name ? "" : ` ${name} does not exist without it.`;
    const todo = expirySec === 0n ? "Register" : "Renew or register";
    throw refused(
      `${held} is not registered in ENSv2, whose registry ${registry} decides over it.${ended}${below} ${todo} ${held} first${instead(held)}.`,
      { name, registry },
    );
  }
  if (held === name) return;
  throw refused(
    `ENSv2 decides over ${name}, which has no entry there: ${held} has no registry for names below it. Attach ${held} itself, whose resolver answers for all names below it; or give ${held} a registry (setSubregistry) and register ${name} in it.`,
    { name, registry },
  );
}

/** A name below a .eth name need not be registered to be answered for. */
function instead(name: string): string {
  const above = name.split(".").slice(1).join(".");
  return above.includes(".") ? `, or attach ${above}, whose resolver answers for all below it` : "";
}

function noRight({ name, entry, account, ownerMay }: ClaimInV2): SignpostError {
  const { owner, registry } = entry;
  const where = `in the ENSv2 registry ${registry}`;
  const sentence =
    account === null
      ? whoMay(name, entry, ownerMay, where)
      : `${account} has no right to ${name} ${where}. ${whoMay(name, entry, ownerMay, "there")}`;
  const hint = account === null && owner !== null ? " Name one of them with --safe." : "";
  return refused(`${sentence}${hint}`, { name, account, owner, registry });
}

function whoMay(name: string, entry: EntryInV2, ownerMay: boolean, where: string): string {
  const { owner, ownerIsContract, status } = entry;
  if (status === "reserved" || owner === null) {
    return `${name} is only reserved ${where}: nobody owns it yet. Register it in the ENS app first.`;
  }
  if (!ownerMay) {
    return `The owner of ${name}, ${owner}, has no ${ROLE} ${where}: only accounts can that were given this role.`;
  }
  const hint = ownerIsContract
    ? " The owner is a contract: if it is a multisig, use --propose."
    : "";
  return `Its owner ${owner} can run this command, or give the account ${ROLE} (grantRoles).${hint}`;
}

/** Sentences; none where all is well. */
export function expiryNotes({ name, expirySec, nowSec }: EntryInV2): string[] {
  if (expirySec - nowSec >= SOON_SEC) return [];
  return [
    `The registration of ${name} ends on ${dayOf(expirySec)}. In ENSv2 the name and all names below it end at once then. Renew it.`,
  ];
}
