/** Detaching a name: taking our resolver off it, for another one or none. */
import { ZeroAddress } from "ethers";
import { refused } from "../chain/unsentTransaction.js";
import type { SignpostError } from "../errors.js";
import { type Plan, unchanged } from "./change.js";
import { nameFields, type NameRight } from "./nameRight.js";

/** Checksummed, and whether it answers for names below another (ENSIP-10). */
export interface Successor {
  readonly address: string;
  readonly isExtended: boolean;
}

/** Null when there is something to do. */
export function alreadyDetached(
  { name, resolver, notes }: Pick<NameRight, "name" | "resolver" | "notes">,
  successor: Successor | null,
): Plan | null {
  if (resolver !== (successor?.address ?? null)) return null;
  const seen =
    successor === null
      ? `${name} has no resolver of its own.`
      : `${successor.address} is the resolver of ${name} already.`;
  return unchanged([seen, ...notes].join(" "));
}

/** TRANSACTION_REFUSED for a resolver that is not ours: somebody else's names may depend on it. */
export function foreignResolver(name: string, resolver: string | null): SignpostError {
  const seen =
    resolver === null
      ? `${name} has no resolver that could be exchanged. Use \`signpost resolver attach\`, or --although-foreign to set that one all the same.`
      : `the resolver of ${name}, ${resolver}, is no OffchainResolver of Signpost. Check the name, or use --although-foreign to take it off all the same.`;
  return refused(seen, { name, resolver });
}

/** @param namesServed how many names the installation serves there; null where that is not known */
export function detachPlan(
  right: NameRight,
  successor: Successor | null,
  namesServed: number | null,
): Plan {
  const { name, sender, notes } = right;
  const atStake = countNote(name, namesServed);
  return {
    kind: "change",
    change: {
      title:
        successor === null
          ? `Take the resolver off ${name}`
          : `Exchange the resolver of ${name} for ${successor.address}`,
      transaction: right.setResolver(successor?.address ?? ZeroAddress),
      sender,
      before: nameFields(right),
      after: { resolver: successor === null ? [] : [successor.address] },
      notes: [...whatGoesDark(name, successor), ...atStake, ...notes],
      atStake,
    },
  };
}

function whatGoesDark(name: string, successor: Successor | null): string[] {
  if (successor === null) {
    return [
      `${name}, and every name below it without a resolver of its own, resolves no more, unless a name above it has a resolver that answers for them.`,
    ];
  }
  return successor.isExtended
    ? [`${name} and the names below it resolve to what ${successor.address} says of them.`]
    : [
        `${successor.address} answers for ${name} alone (it does not speak ENSIP-10): every name below it without a resolver of its own resolves no more.`,
      ];
}

function countNote(name: string, namesServed: number | null): string[] {
  return namesServed === null
    ? []
    : [
        `This installation serves ${namesServed.toString()} ${namesServed === 1 ? "name" : "names"} at and below ${name}; it keeps them.`,
      ];
}
