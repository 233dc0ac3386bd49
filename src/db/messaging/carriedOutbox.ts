/** The outbox of a gateway: what a relay node took is forgotten as a submission in the statement that writes this down. */
import { hasArrived, submissionOfId } from "../../messaging/submitting.js";
import type { Secrets } from "../../sealing/secrets.js";
import type { Outbox } from "../../sending/outbox.js";
import { fromDatabase } from "../databaseError.js";
import {
  outgoingTable,
  postgresOutbox,
  progressStatement,
  progressValues,
} from "../outbox/postgresOutbox.js";
import type { Pool } from "../pool.js";
import type { MessagingTables } from "./messagingTables.js";
import { keyOfSubmission } from "./submissionStore.js";

/** @param schema where `outboxTables` were made */
export function carriedOutbox(
  pool: Pool,
  schema: string,
  { submission }: Pick<MessagingTables, "submission">,
  secrets: Secrets,
): Outbox {
  const outbox = postgresOutbox(pool, schema, secrets);
  const text = `
    with written as (${progressStatement(outgoingTable(schema))}),
    forgotten as (
      delete from ${submission} where (native, hash) = ($7, $8) and exists (select from written)
    )
    select id from written`;
  return {
    ...outbox,
    write: async (lease, message, goesOn) => {
      const of = goesOn === null && hasArrived(message) ? submissionOfId(message.id) : null;
      if (of !== null) {
        const values = [
          ...progressValues(lease.fence, message, 0),
          ...keyOfSubmission(of.native, of.hash),
        ];
        const name = "outbox-arrived";
        const { rowCount } = await fromDatabase(pool.query({ name, text, values }));
        if (rowCount === 1) return message;
      }
      return outbox.write(lease, message, goesOn);
    },
  };
}
