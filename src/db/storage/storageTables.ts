/** The tables of the storage, in their schema: nothing is left on a connection, which a pooler may exchange. */
import pg from "pg";

export interface StorageTables {
  readonly account: string;
  readonly removed: string;
  readonly conversation: string;
  readonly message: string;
  readonly deletion: string;
  readonly challenge: string;
  readonly secret: string;
}

export function storageTables(schema: string): StorageTables {
  const table = (name: string) => `${pg.escapeIdentifier(schema)}.${name}`;
  return {
    account: table("account"),
    removed: table("removed_account"),
    conversation: table("conversation"),
    message: table("message"),
    deletion: table("deletion"),
    challenge: table("used_challenge"),
    secret: table("own_secret"),
  };
}
