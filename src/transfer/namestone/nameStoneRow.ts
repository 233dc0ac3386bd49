/**
 * A name as NameStone's API gave it out (`GET /api/public_v1/get-names`, by its documentation and source of 2025; the service
 * ended in August 2026), as a change of a name here. A file holds a list of them:
 *
 *   name          below `domain`, in normal form
 *   domain        the domain
 *   address       of the user; not read: a name's wallet is the one that signed for it
 *   text_records  by key
 *   coin_types    addresses by coin type, in decimal: 0x hex, or the text that wallets show
 *   contenthash   a link, ipfs://... or ipns://...; empty or null: none
 *   created_at    not read
 */
import { z } from "zod";
import { toHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import { bytesOfCoinText } from "../../registry/names/coinAddress.js";
import { contenthashOfLink } from "../../registry/names/contenthashOfLink.js";
import { parseInput } from "../../wire/parseInput.js";
import type { TableRow } from "../csv/table.js";

const WALLET = "60";

const records = z.record(z.string(), z.string()).nullish();
const item = z.looseObject({
  name: z.string(),
  domain: z.string(),
  text_records: records,
  coin_types: records,
  contenthash: z.string().nullish(),
});

/** Fields whose content comes in; what else a file has is listed. */
export const FIELDS_READ: readonly string[] = Object.keys(item.shape);

/** Throws INVALID_REQUEST for what is no such name, or of another domain. */
export async function nameStoneRow(given: unknown, domain: string): Promise<TableRow> {
  const read = parseInput(item, "The name", given);
  if (read.domain.toLowerCase() !== domain) {
    throw refused(
      `It is a name of ${read.domain}. Import that one by itself: --domain ${read.domain}.`,
    );
  }
  const coins = Object.entries(read.coin_types ?? {}).filter(
    ([coinType, address]) => coinType !== WALLET && address !== "",
  );
  const addresses: Record<string, string> = {};
  for (const [coinType, address] of coins) addresses[coinType] = await hexOf(coinType, address);
  const texts = Object.entries(read.text_records ?? {}).filter(([, text]) => text !== "");
  const contenthash = contenthashOf(read.contenthash ?? "");
  return {
    name: `${read.name}.${domain}`,
    records: {
      ...(texts.length > 0 && { texts: Object.fromEntries(texts) }),
      ...(coins.length > 0 && { addresses }),
      ...(contenthash !== null && { contenthash }),
    },
    cleared: { texts: [], addresses: [] },
  };
}

async function hexOf(coinType: string, address: string): Promise<string> {
  if (/^0x[0-9a-fA-F]*$/.test(address)) return address;
  const bytes = /^[0-9]{1,10}$/.test(coinType)
    ? await bytesOfCoinText(BigInt(coinType), address)
    : null;
  if (bytes !== null) return toHex(bytes);
  throw refused(`Its address of coin type ${coinType.slice(0, 20)} cannot be read.`);
}

function contenthashOf(link: string): string | null {
  if (link === "") return null;
  const contenthash = link.startsWith("0x") ? link : contenthashOfLink(link);
  if (contenthash !== null) return contenthash;
  throw refused("Its content hash is no link ipfs://<CID> or ipns://<CID>.");
}

function refused(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}
