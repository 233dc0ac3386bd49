/**
 * What a user submits is kept in one statement: the submission, its message in the outbox and, of a bridge, the passage. So a crash leaves
 * all of them or none, and the driver is asked once.
 */
import { fromHex } from "../../abi/hex.js";
import { formatNativeAddress } from "../../messaging/address/nativeAddress.js";
import type { SubmissionKind } from "../../messaging/network.js";
import type {
  AddedSubmission,
  FullShare,
  NewSubmission,
  SubmissionStore,
} from "../../messaging/store.js";
import { domainOfSender } from "../../relay/senderDomain.js";
import { fromDatabase } from "../databaseError.js";
import { ENTERING, enteringValues, outgoingTable } from "../outbox/postgresOutbox.js";
import type { Pool } from "../pool.js";
import type { BridgeTables } from "./bridgeTables.js";
import type { MessagingTables } from "./messagingTables.js";
import { openShares } from "./openShares.js";

export interface SubmissionPlace {
  /** Those of a bridge are asked where a passage is noted. */
  readonly tables: Pick<MessagingTables, "submission"> &
    Pick<BridgeTables, "received" | "virtualUser">;
  /** Where `outboxTables` were made. */
  readonly outboxSchema: string;
  /** Whether users come from many domains of the network: then none of them may take all room. */
  readonly isOfManyDomains: boolean;
}

/** Of a lease that begins when its message enters the outbox. */
const FIRST_FENCE = 1;

interface AddedRow {
  readonly share: FullShare | null;
  readonly is_kept: boolean;
  readonly is_new: boolean;
}

export function submissionAdder(
  pool: Pool,
  place: SubmissionPlace,
): SubmissionStore["addSubmission"] {
  const { received } = place.tables;
  const statements = new Map<string, string>();

  function statementFor(kind: SubmissionKind, isPassage: boolean) {
    const name = `submit-${kind}${isPassage ? "-passage" : ""}`;
    const text = statements.get(name) ?? addStatement(place, kind, isPassage);
    statements.set(name, text);
    return { name, text };
  }

  async function noted({ native, receiver, passage }: NewSubmission): Promise<AddedSubmission> {
    const text = `
      select first_ms, is_kept from ${received} where (native, receiver, digest) = ($1, $2, $3)`;
    const values = [
      ...[formatNativeAddress(native), receiver, fromHex(`0x${passage?.digest ?? ""}`)],
    ];
    const { rows } = await fromDatabase(
      pool.query<{ first_ms: string; is_kept: boolean }>(text, values),
    );
    const firstMs = Number(rows[0]?.first_ms ?? passage?.firstMs ?? 0);
    return { is: "noted", firstMs, isKept: rows[0]?.is_kept === true };
  }

  return async (given) => {
    const { kind, passage, leaseMs } = given;
    const values = [
      ...valuesOf(given, place.isOfManyDomains),
      ...(passage === null ? [] : [fromHex(`0x${passage.digest}`), passage.firstMs, passage.head]),
    ];
    const statement = statementFor(kind, passage !== null);
    const { rows } = await fromDatabase(pool.query<AddedRow>({ ...statement, values }));
    const [{ share, is_kept, is_new } = { share: null, is_kept: false, is_new: false }] = rows;
    if (share !== null) return { is: "full", share };
    if (!is_kept) return noted(given);
    if (!is_new) return { is: "known" };
    return { is: "kept", fence: leaseMs === null ? null : FIRST_FENCE };
  };
}

function valuesOf(given: NewSubmission, isOfManyDomains: boolean): readonly unknown[] {
  const { native, hash, kind, receiver, bytes, message, leaseMs } = given;
  return [
    ...[formatNativeAddress(native), fromHex(`0x${hash}`), kind === "answer", receiver, bytes],
    domainOfSender(receiver).slice(1),
    isOfManyDomains ? native.domain : null,
    leaseMs,
    ...enteringValues(message),
  ];
}

/** What waits already is not counted again. */
function addStatement(
  { tables: { submission, received, virtualUser }, outboxSchema }: SubmissionPlace,
  kind: SubmissionKind,
  isPassage: boolean,
): string {
  const { counts, full } = openShares(kind);
  // a passage that was noted at the same time is that of this very message
  const passed = `
    passed as (
      insert into ${received} as r (native, receiver, digest, first_ms, hash, head, is_kept)
      select $1, $4, $14, $15, $2, $16, true from judged where share is null
      on conflict (native, receiver, digest) do update
      set hash = excluded.hash, head = excluded.head, is_kept = true
      where not r.is_kept and r.first_ms = excluded.first_ms
      returning digest
    ), writer as (
      update ${virtualUser} set has_written = true
      where native = $1 and not has_written and exists (select from passed)
    ), wanted as (select digest from passed)`;
  // what was kept takes no room, so it is told by what is noted of it
  const before = `
        when exists (
          select 1 from ${received} where (native, receiver, digest) = ($1, $4, $14) and is_kept
        ) then null`;
  return `
    with asked as (
      select $1::text as native, $4::text as receiver, $6::text as ens_domain, $7::text as native_domain
    ), counted as (
      select ${counts} from asked left join ${submission} s on s.reason is null
    ), judged as (
      select case
        when exists (select 1 from ${submission} where (native, hash) = ($1, $2) and reason is null) then null
        ${isPassage ? before : ""}
        ${full} end as share
      from counted
    ), ${isPassage ? passed : "wanted as (select 1 from judged where share is null)"},
    kept as (
      insert into ${submission} as s (native, hash, is_answer, receiver, bytes)
      select $1, $2, $3, $4, $5 from wanted
      on conflict (native, hash) do update
      set submitted_at = case when s.reason is null then s.submitted_at else now() end,
          reason = null, sentence = null
    ), entered as (
      insert into ${outgoingTable(outboxSchema)} (${ENTERING}, fence, leased_until)
      select $9, $10, $11, $12, $13,
        case when $8::float8 is null then 0 else ${FIRST_FENCE} end,
        case when $8::float8 is null then '-infinity'
          else clock_timestamp() + $8::float8 * interval '1 millisecond' end
      from wanted
      on conflict do nothing
      returning id
    )
    select share, exists (select from wanted) as is_kept, exists (select from entered) as is_new from judged`;
}
