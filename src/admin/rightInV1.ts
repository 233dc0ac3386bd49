/** The right to a name in ENSv1: its owner's in the registry, or in the NameWrapper that holds it; and their operators'. */
import { Interface, namehash } from "ethers";
import { dayOf } from "../chain/chainTime.js";
import type { NameFacts } from "../chain/nameFacts.js";
import { FUSES, isInGrace, type WrappedName } from "../chain/nameWrapper.js";
import { refused, unsentTransaction } from "../chain/unsentTransaction.js";
import { parentName } from "../ens/hierarchy.js";
import type { SignpostError } from "../errors.js";
import { lapsedWrapped } from "./lapsedWrapped.js";
import type { NameRight } from "./nameRight.js";
import { nonexistent } from "./nonexistent.js";
import { isRegistered, reclaimCall, registrationNotes } from "./registrationNotes.js";

const SET_RESOLVER = new Interface(["function setResolver(bytes32 node, address resolver)"]);

/** Who owns a name, and in which contract that counts. */
export interface NameHolder {
  /** Registry or NameWrapper: where the resolver is set, and where operators are approved. */
  readonly contract: string;
  readonly owner: string;
  readonly ownerIsContract: boolean;
}

/**
 * @throws TRANSACTION_REFUSED when nobody can change the name as it is, with the reason
 */
export function nameHolder(facts: NameFacts): NameHolder {
  const { name, owner, wrapped, ownerIsContract } = facts;
  if (owner === null) throw refused(nonexistent(facts), { name });
  if (facts.isInOldRegistry) throw refused(inOldRegistry(facts), { name });
  if (wrapped === null) return { contract: facts.registry, owner, ownerIsContract };
  if (wrapped.owner === null) {
    const { nameWrapper } = wrapped;
    throw refused(lapsedWrapped({ ...facts, wrapped }), { name, nameWrapper });
  }
  assertChangeable(name, wrapped);
  return {
    contract: wrapped.nameWrapper,
    owner: wrapped.owner,
    ownerIsContract: wrapped.ownerIsContract,
  };
}

function assertChangeable(name: string, wrapped: WrappedName): void {
  const { fuses, expirySec } = wrapped;
  if ((fuses & FUSES.CANNOT_SET_RESOLVER) !== 0n) {
    throw refused(
      `the fuse CANNOT_SET_RESOLVER of ${name} is burnt. Nobody can change its resolver until the name expires (${dayOf(expirySec)}).`,
      { name, fuses: fuses.toString(), expirySec: expirySec.toString() },
    );
  }
  if (isInGrace(wrapped)) {
    throw refused(
      `${name} has expired and is in its grace period until ${dayOf(expirySec)}. Renew it first; anybody can.`,
      { name, expirySec: expirySec.toString() },
    );
  }
}

export interface ClaimInV1 {
  readonly facts: NameFacts;
  readonly holder: NameHolder;
  /** Who will send the transaction, and whether the owner has approved it as an operator. */
  readonly account: string;
  readonly isApproved: boolean;
  /** Whether the account may take a registered name into the registry. */
  readonly mayReclaim: boolean;
}

/** @throws TRANSACTION_REFUSED when the account has no right to the name, with who has */
export function rightInV1(claim: ClaimInV1): NameRight {
  const { facts, holder, account, isApproved } = claim;
  if (account !== holder.owner && !isApproved) throw noRight(claim);
  return {
    name: facts.name,
    resolver: facts.resolver,
    sender: account,
    setResolver: (resolver) =>
      unsentTransaction(SET_RESOLVER, holder.contract, "setResolver", [
        namehash(facts.name),
        resolver,
      ]),
    notes: registrationNotes(facts),
  };
}

function noRight({ facts, holder, account, mayReclaim }: ClaimInV1): SignpostError {
  const { name, registration, wrapped } = facts;
  const details = { name, account, owner: holder.owner, contract: holder.contract };
  if (mayReclaim && isRegistered(registration) && registration.name === name) {
    return refused(
      `${name} is registered to ${registration.registrant}, but the ENS registry still names its former owner ${holder.owner}. Call ${reclaimCall(registration, account)} first; ${account} may do that.`,
      details,
    );
  }
  const where = wrapped === null ? "the ENS registry" : "the NameWrapper";
  const sentences = [
    `${account} has no right to ${name}.`,
    `Its owner in ${where} is ${holder.owner}, and has not approved this account as an operator.`,
    "The owner can run this command, or approve the account (setApprovalForAll).",
    ...(holder.ownerIsContract
      ? ["The owner is a contract: if it is a multisig, use --propose."]
      : []),
    ...registrationNotes(facts),
  ];
  return refused(sentences.join(" "), details);
}

function inOldRegistry({ name, owner, registration }: NameFacts): string {
  const who =
    isRegistered(registration) && registration.name === name
      ? `The registrant has to call ${reclaimCall(registration, registration.registrant)} first.`
      : `The owner of ${parentName(name) ?? "the root"} has to create it anew (setSubnodeOwner) first.`;
  return `${name} is only in ENS's registry from before 2020: the present one repeats its owner, ${owner ?? "nobody"}, but lets nobody change it. ${who}`;
}
