/** Certificates of people in the network, by which reports to them are encrypted; they are forgotten with the passages. */
import type { NormalName } from "../../ens/normalize.js";
import { formatNativeAddress, type NativeAddress } from "../../messaging/address/nativeAddress.js";
import { plainBytes } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { BridgeTables } from "./bridgeTables.js";

export interface MailCertificateStore {
  /**
   * Keeps it in the place of one that was said earlier; nothing changes where a later one is known.
   * @param by the DM3 user whose app handed it over; null: the owner
   * @param saidMs when they said so, Unix milliseconds
   */
  readonly learn: (
    owner: NativeAddress,
    by: NormalName | null,
    certificate: Uint8Array,
    saidMs: number,
  ) => Promise<void>;
  /** The owner's own, which is proven, and what this DM3 user handed over. */
  readonly known: (owner: NativeAddress, by: NormalName) => Promise<KnownCertificates>;
}

export interface KnownCertificates {
  readonly own: Uint8Array | null;
  readonly handed: Uint8Array | null;
}

interface CertificateRow {
  readonly given_by: string;
  readonly certificate: Buffer;
}

/** No name is like it. */
const OWNER = "";

export function mailCertificateStore(
  pool: Pool,
  { mailCertificate }: BridgeTables,
): MailCertificateStore {
  return {
    learn: async (owner, by, certificate, saidMs) => {
      const text = `
        insert into ${mailCertificate} as c (native, given_by, certificate, said_at) values ($1, $2, $3, $4)
        on conflict (native, given_by) do update
        set certificate = excluded.certificate, said_at = excluded.said_at, seen_at = now()
        where excluded.said_at >= c.said_at`;
      const values = [formatNativeAddress(owner), by ?? OWNER, certificate, new Date(saidMs)];
      await fromDatabase(pool.query(text, values));
    },
    known: async (owner, by) => {
      const text = `
        select given_by, certificate from ${mailCertificate} where native = $1 and given_by in ($2, $3)`;
      const values = [formatNativeAddress(owner), OWNER, by];
      const { rows } = await fromDatabase(pool.query<CertificateRow>(text, values));
      const givenBy = (whom: string) => {
        const row = rows.find(({ given_by }) => given_by === whom);
        return row === undefined ? null : plainBytes(row.certificate);
      };
      return { own: givenBy(OWNER), handed: givenBy(by) };
    },
  };
}
