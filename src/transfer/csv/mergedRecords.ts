/** What a name that is there holds behind a row of a table: what the row says, and what the table has no column for. */
import { toHex } from "../../abi/hex.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import { DM3_KEYS } from "../../registry/names/ownRecords.js";
import type { StoredName } from "../../registry/names/storedName.js";
import type { TableRow } from "./table.js";

/** @param cleared keys whose field is empty: that takes the record away */
export function mergedRecords(
  { texts, addresses }: Pick<StoredName, "texts" | "addresses">,
  records: TableRow["records"],
  cleared: TableRow["cleared"],
): TableRow["records"] {
  const stays = (kind: "texts" | "addresses") => (key: string) => !cleared[kind].includes(key);
  const own = [...texts].filter(([key]) => !key.startsWith(DM3_KEYS) && stays("texts")(key));
  const coins = [...addresses].flatMap(([coinType, bytes]) =>
    coinType !== COIN_TYPE_ETH && stays("addresses")(coinType.toString())
      ? [[coinType.toString(), toHex(bytes)] as const]
      : [],
  );
  return {
    ...records,
    ...(records.texts && { texts: { ...Object.fromEntries(own), ...records.texts } }),
    ...(records.addresses && {
      addresses: { ...Object.fromEntries(coins), ...records.addresses },
    }),
  };
}
