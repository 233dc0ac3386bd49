/** Attaching a name: naming its resolver, in ENSv1 or ENSv2. */
import { type Plan, unchanged } from "./change.js";
import { nameFields, type NameRight } from "./nameRight.js";

/** Null when there is something to do. `below` says what to know of the names below it: sentences. */
export function alreadyAttached(
  { name, resolver, notes }: Pick<NameRight, "name" | "resolver" | "notes">,
  wanted: string,
  below: readonly string[],
): Plan | null {
  if (resolver !== wanted) return null;
  const already = `${wanted} is the resolver of ${name} already.`;
  return unchanged([already, ...notes, ...below].join(" "));
}

/** @param wanted the resolver, checksummed */
export function attachPlan(right: NameRight, wanted: string, below: readonly string[]): Plan {
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
        ...below,
      ],
    },
  };
}

function formerRecords(resolver: string | null): string[] {
  return resolver === null
    ? []
    : [`Records that ${resolver} holds are no longer seen; they stay in that contract.`];
}
