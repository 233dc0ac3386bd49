/** Names that are kept for somebody, from an export. */
import { fromHex, toHex } from "../../abi/hex.js";
import { stringify } from "../../dm3/stringify.js";
import { addressFrom } from "../../ens/address.js";
import { isWithin } from "../../ens/hierarchy.js";
import { assertNormalName } from "../../ens/normalName.js";
import { SignpostError } from "../../errors.js";
import type { Domain } from "../../registry/domains/domain.js";
import type { Reservation } from "../../registry/domains/reservation.js";
import type { DomainStore, Page } from "../../registry/store.js";
import type { OutcomeNotes } from "../arrive/outcomes.js";
import type { LineOf } from "../form/exportLine.js";
import type { DomainImport } from "./domainImport.js";
import type { DomainLines } from "./domainLines.js";
import { importedOrRefused } from "./importedOrRefused.js";

const RESERVATIONS_AT_ONCE = 1_000;

/** One that stands here otherwise stays as it is. */
export async function importReservations(
  into: DomainImport,
  { domain: { name: domain }, reservations }: DomainLines,
  before: Domain | null,
  notes: OutcomeNotes,
): Promise<void> {
  const { domains } = into.registry;
  const reserved = before === null ? new Map<string, string>() : await reservedNow(domains, domain);
  for (const line of reservations) {
    const there = reserved.get(line.name);
    if (there === undefined) await importReservation(into, line, domain, notes);
    else noteReservation(line, there === textOfReservation(line), notes);
  }
}

/** All of them: an export brings back none that was changed here. */
async function reservedNow(
  domains: DomainStore,
  domain: string,
): Promise<ReadonlyMap<string, string>> {
  const reserved = new Map<string, string>();
  let after: string | null = "";
  while (after !== null) {
    const page: Page<Reservation> = await domains.reservationsOf(
      domain,
      after,
      RESERVATIONS_AT_ONCE,
    );
    for (const { name, wallet, untilMs } of page.items) {
      reserved.set(name, textOfReservation({ wallet: wallet && toHex(wallet), untilMs }));
    }
    after = page.next;
  }
  return reserved;
}

function textOfReservation({ wallet, untilMs }: Pick<LineOf<"reservation">, "wallet" | "untilMs">) {
  return stringify({ wallet, untilMs });
}

function noteReservation(
  { name }: LineOf<"reservation">,
  isSame: boolean,
  notes: OutcomeNotes,
): void {
  notes.note("reservation", isSame ? "unchanged" : "kept");
  if (isSame) return;
  const reason = "it is reserved otherwise here, and stays so";
  notes.remark({ kind: "reservation", name, outcome: "kept", reason });
}

async function importReservation(
  { registry: { domains }, dryRun }: DomainImport,
  { name, wallet, untilMs }: LineOf<"reservation">,
  domain: string,
  notes: OutcomeNotes,
): Promise<void> {
  await importedOrRefused(notes, "reservation", name, async () => {
    assertNormalName(name);
    if (!isWithin(name, domain)) {
      throw new SignpostError("FORBIDDEN", `it does not lie under ${domain}`, { name, domain });
    }
    const its = wallet === null ? null : addressFrom(fromHex(wallet));
    if (!dryRun) await domains.reserve({ domain, name, wallet: its, untilMs });
  });
}
