/** The tables of a bridge, beside those that it has as a gateway. */
import pg from "pg";
import type { SealedColumn } from "../../sealing/place.js";

export interface BridgeTables {
  readonly virtualUser: string;
  readonly sent: string;
  readonly received: string;
  readonly longName: string;
  readonly signer: string;
  readonly optOut: string;
  readonly ownKey: string;
  readonly mailCertificate: string;
  readonly keptFor: string;
}

export function bridgeTables(schema: string): BridgeTables {
  const table = (name: string) => `${pg.escapeIdentifier(schema)}.${name}`;
  return {
    virtualUser: table("virtual_user"),
    sent: table("sent_passage"),
    received: table("received_passage"),
    longName: table("long_name"),
    signer: table("signer_domain"),
    optOut: table("opt_out"),
    ownKey: table("own_key"),
    mailCertificate: table("mail_certificate"),
    keptFor: table("kept_for"),
  };
}

/** The private key of a virtual user's wallet. */
export function walletSecretOf(capability: string): SealedColumn {
  return {
    ...{ capability, table: "virtual_user", column: "secret" },
    primaryKey: [{ column: "native", type: "text" }],
    dataKeyColumn: "secret_data_key",
  };
}

/** The bridge's own private key towards its network. */
export function ownSecretOf(capability: string): SealedColumn {
  return {
    ...{ capability, table: "own_key", column: "secret" },
    primaryKey: [{ column: "number", type: "bigint" }],
    dataKeyColumn: "secret_data_key",
  };
}
