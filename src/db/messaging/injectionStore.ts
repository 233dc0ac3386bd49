/** The relay node's messages, as far as a network takes them: in the relay node's own tables. */
import { fromHex } from "../../abi/hex.js";
import type { NormalName } from "../../ens/normalize.js";
import { formatNativeAddress } from "../../messaging/address/nativeAddress.js";
import type { InjectionStore } from "../../messaging/store.js";
import { statesBelow } from "../../relay/states.js";
import { addressOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { endStatement } from "../relay/endMessages.js";
import { pageInOrder } from "../relay/pageInOrder.js";
import type { RelayTables } from "../relay/relayTables.js";
import type { BridgeTables } from "./bridgeTables.js";
import type { MessagingTables } from "./messagingTables.js";
import { sentStatement } from "./passageStore.js";

/** Of one read. */
const PAGE_BYTES = 2 * 1024 * 1024;

export function injectionStore(
  pool: Pool,
  { link, sent }: Pick<MessagingTables, "link"> & Pick<BridgeTables, "sent">,
  relay: RelayTables,
): InjectionStore {
  const { account, message } = relay;
  const chosen = `
    select account, claimed_hash, sender, body_hash from ${message}
    where account = $1 and number = $2::bigint`;
  return {
    unconfirmed: async (address, after, limit) => {
      const text = pageInOrder(relay, "number, sender_name, envelope", PAGE_BYTES);
      const { rows } = await fromDatabase(
        pool.query<{ number: string; sender_name: NormalName; envelope: string }>({
          ...{ name: "unconfirmed", text, values: [address, after, limit] },
        }),
      );
      return rows.map(({ number, sender_name: senderName, envelope }) => ({
        ...{ number: Number(number), senderName, envelope },
      }));
    },

    envelopeOf: async (address, number) => {
      const text = `select envelope from ${message} where account = $1 and number = $2`;
      const { rows } = await fromDatabase(
        pool.query<{ envelope: string | null }>({
          ...{ name: "envelope-of-number", text, values: [address, number] },
        }),
      );
      return rows[0]?.envelope ?? null;
    },

    noteInjected: async (address, numbers) => {
      const text = `
        update ${message} set state = 'injected'
        where account = $1 and number = any($2) and envelope is not null and state = any($3)`;
      const values = [address, numbers, statesBelow("injected")];
      await fromDatabase(pool.query({ name: "note-injected", text, values }));
    },

    end: async (address, number, state) => {
      const text = endStatement(relay, state, chosen);
      await fromDatabase(pool.query({ name: `end-${state}`, text, values: [address, number] }));
    },

    endSent: async (address, number, { token, native, from, hash, messageHash }) => {
      // a report may have ended it before: then nobody is to be told of it once more
      const note = sentStatement(sent, "select $3, $4, $5, $6, $2, $7 from ended");
      const text = endStatement(relay, "injected", chosen, note);
      const values = [
        ...[address, number, token, formatNativeAddress(native), from],
        ...[fromHex(`0x${hash}`), messageHash],
      ];
      await fromDatabase(pool.query({ name: "end-sent", text, values }));
    },

    waitingAccounts: async (after, limit) => {
      const text = `
        select a.address, a.last_number from ${link} l join ${account} a on a.address = l.account
        where a.messages > 0 and ($1::bytea is null or a.address > $1) order by a.address limit $2`;
      const { rows } = await fromDatabase(
        pool.query<{ address: Buffer; last_number: string }>({
          ...{ name: "waiting-accounts", text, values: [after, limit] },
        }),
      );
      return rows.map(({ address, last_number }) => ({
        account: addressOf(address),
        newest: Number(last_number),
      }));
    },
  };
}
