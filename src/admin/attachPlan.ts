/** Attaching a name: naming its resolver, in ENSv1 or ENSv2. */
import { type Plan, unchanged } from "./change.js";
import { nameFields, type NameRight } from "./nameRight.js";

/** Null when there is something to do. */
export function alreadyAttached(
  { name, resolver, notes }: Pick<NameRight, "name" | "resolver" | "notes">,
  wanted: string,
): Plan | null {
  if (resolver !== wanted) return null;
  return unchanged([`${wanted} is the resolver of ${name} already.`, ...notes].join(" "));
}

/** @param wanted the resolver, checksummed */
export function attachPlan(right: NameRight, wanted: string): Plan {
  const { name, resolver, sender, notes } = right;
  return {
    kind: "change",
    change: {
      title: `Attach ${name} to the resolver ${wanted}`,
      transaction: right.setResolver(wanted),
      sender,
      before: nameFields(right),
      after: { resolver: [wanted] },
      notes: [
        `All records of ${name} and of the names below it that have no resolver of their own come from there, once the transaction stands.`,
        ...formerRecords(resolver),
        ...notes,
      ],
    },
  };
}

function formerRecords(resolver: string | null): string[] {
  return resolver === null
    ? []
    : [`Records that ${resolver} holds are no longer seen; they stay in that contract.`];
}
