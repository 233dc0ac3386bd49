/** Another name of a domain, from an export. */
import { assertNormalName } from "../../ens/normalName.js";
import type { OutcomeNotes } from "../arrive/outcomes.js";
import type { DomainImport } from "./domainImport.js";
import { importedOrRefused } from "./importedOrRefused.js";

export async function importAlias(
  { registry: { domains }, dryRun }: Pick<DomainImport, "registry" | "dryRun">,
  alias: { readonly alias: string; readonly domain: string },
  notes: OutcomeNotes,
): Promise<void> {
  const there = (await domains.aliases()).find((one) => one.alias === alias.alias);
  if (there?.domain === alias.domain) {
    notes.note("alias", "unchanged");
    return;
  }
  await importedOrRefused(notes, "alias", alias.alias, async () => {
    assertNormalName(alias.alias);
    if (!dryRun) await domains.addAlias(alias);
  });
}
