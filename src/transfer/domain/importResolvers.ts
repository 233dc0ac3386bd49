/** The resolvers that answered for a domain where it was exported. */
import { fromHex } from "../../abi/hex.js";
import { stringify } from "../../dm3/stringify.js";
import { addressFrom } from "../../ens/address.js";
import type { Domain, ServedResolver } from "../../registry/domains/domain.js";
import type { OutcomeNotes } from "../arrive/outcomes.js";
import type { LineOf } from "../form/exportLine.js";
import type { DomainImport } from "./domainImport.js";
import type { DomainLines } from "./domainLines.js";

/**
 * Connected where the domain is made. A resolver decides which signatures of wallets count, so the file connects none to a
 * domain that is in use.
 */
export async function importResolvers(
  { registry: { domains }, dryRun }: DomainImport,
  { domain: { name }, resolvers }: DomainLines,
  before: Domain | null,
  notes: OutcomeNotes,
): Promise<void> {
  const existing = before === null ? [] : await domains.resolversOf(name);
  for (const [index, line] of resolvers.entries()) {
    const resolver = resolverOf(line, name);
    if (before === null) {
      notes.note("resolver", "imported");
      // with the first one it was made
      if (index > 0 && !dryRun) await domains.connectResolver(resolver);
      continue;
    }
    const isThere = existing.some((one) => isSameResolver(one, resolver));
    notes.note("resolver", isThere ? "unchanged" : "kept");
    if (isThere) continue;
    const reason = `${line.address} on chain ${line.chainId} does not answer for it here; \`signpost domain connect\` connects it`;
    notes.remark({ kind: "resolver", name, outcome: "kept", reason });
  }
}

export function resolverOf(
  { chainId, address }: LineOf<"resolver">,
  domain: string,
): ServedResolver {
  return { chainId: BigInt(chainId), resolver: addressFrom(fromHex(address)), domain };
}

function isSameResolver(a: ServedResolver, b: ServedResolver): boolean {
  return a.chainId === b.chainId && stringify([...a.resolver]) === stringify([...b.resolver]);
}
