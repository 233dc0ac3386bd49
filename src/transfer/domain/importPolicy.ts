/** Who owns a domain, and what its owners may do, by an export. */
import { fromHex } from "../../abi/hex.js";
import { stringify } from "../../dm3/stringify.js";
import { addressFrom } from "../../ens/address.js";
import type { Domain } from "../../registry/domains/domain.js";
import type { OutcomeNotes } from "../arrive/outcomes.js";
import type { DomainImport } from "./domainImport.js";
import type { DomainLines } from "./domainLines.js";

/** A domain without names takes the export's policy; one with names is in use, and keeps its own. */
export async function importPolicy(
  { registry, dryRun }: DomainImport,
  { domain: { name, owner, policy } }: DomainLines,
  before: Domain | null,
  notes: OutcomeNotes,
): Promise<void> {
  const wanted = { owner: owner === null ? null : addressFrom(fromHex(owner)), policy };
  const isSame = before !== null && policyText(before) === policyText(wanted);
  if (isSame) {
    notes.note("domain", "unchanged");
    return;
  }
  const page = { prefix: "", after: "", limit: 1 };
  const isInUse =
    before !== null && (await registry.names.namesOfDomain(name, page)).items.length > 0;
  notes.note("domain", isInUse ? "kept" : "imported");
  if (isInUse) {
    const reason = "its policy or owner here is another one, and stays (`signpost domain policy`)";
    notes.remark({ kind: "domain", name, outcome: "kept", reason });
  } else if (!dryRun) await registry.domains.changeDomain(name, wanted);
}

function policyText({ owner, policy }: Pick<Domain, "owner" | "policy">): string {
  return stringify({ owner: owner === null ? null : [...owner], policy });
}
