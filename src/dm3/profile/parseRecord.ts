/** What a DM3 text record says: the profile itself, or where it is. */
import type { Hex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import { assertBounded } from "./boundedJson.js";
import { parseJsonDataUri } from "./dataUri.js";
import { parseCid } from "./ipfsContent.js";
import { parseDm3Hash } from "./profileLink.js";
import { assertSecureUrl } from "./secureUrl.js";

export type ProfileRecord =
  /** The profile is in the record; `json` still has to pass one of the `parse...Profile` functions. */
  | { readonly kind: "data"; readonly json: unknown }
  /** Fetch `url` as it stands and give the answer to `parseLinkedProfile` with `dm3Hash`. */
  | { readonly kind: "https"; readonly url: string; readonly dm3Hash: Hex | null }
  /** Fetch the block and give it to `verifyIpfsBlock`. */
  | { readonly kind: "ipfs"; readonly cid: string };

/**
 * Reads the text of `network.dm3.profile` or `network.dm3.deliveryService`, more liberally than dm3's reader
 * does. An empty text means that there is no record: ask that before.
 * @throws INVALID_PROFILE with the reason
 */
export function parseRecord(text: string): ProfileRecord {
  assertBounded(text.length);
  const record = text.trim();
  const scheme = /^([a-z]+):/i.exec(record)?.[1] ?? "";
  switch (scheme.toLowerCase()) {
    case "data":
      return { kind: "data", json: parseJsonDataUri(record) };
    case "https":
    case "http":
      return parseLink(record);
    case "ipfs":
      return { kind: "ipfs", cid: parseIpfsUri(record) };
    default:
      throw malformed(
        "The record is not a DM3 profile. Publish a data URI (data:application/json,...), an https link or an ipfs link.",
      );
  }
}

function parseLink(url: string): ProfileRecord {
  assertSecureUrl(url);
  const hashes = new URL(url).searchParams.getAll("dm3Hash");
  if (hashes.length > 1) throw malformed("The link carries dm3Hash more than once. Keep one.");
  return { kind: "https", url, dm3Hash: hashes[0] === undefined ? null : parseDm3Hash(hashes[0]) };
}

function parseIpfsUri(uri: string): string {
  const cid = /^ipfs:\/\/(?:ipfs\/)?([A-Za-z0-9]+)\/?$/i.exec(uri)?.[1];
  if (cid === undefined) {
    throw malformed(
      "The ipfs link must be ipfs:// and the CID of the profile itself. Link the file, not a path in a folder.",
    );
  }
  parseCid(cid);
  return cid;
}

function malformed(sentence: string): SignpostError {
  return new SignpostError("INVALID_PROFILE", sentence);
}
