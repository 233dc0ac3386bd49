/** The tables of the relay node, in their schema: nothing is left on a connection, which a pooler may exchange. */
import pg from "pg";

export interface RelayTables {
  readonly account: string;
  readonly message: string;
  readonly share: string;
  readonly challenge: string;
  readonly secret: string;
  readonly blob: string;
  readonly blobUse: string;
  readonly keySet: string;
}

export function relayTables(schema: string): RelayTables {
  const table = (name: string) => `${pg.escapeIdentifier(schema)}.${name}`;
  return {
    account: table("account"),
    message: table("message"),
    share: table("mailbox_share"),
    challenge: table("used_challenge"),
    secret: table("node_secret"),
    blob: table("blob"),
    blobUse: table("blob_use"),
    keySet: table("key_set"),
  };
}
