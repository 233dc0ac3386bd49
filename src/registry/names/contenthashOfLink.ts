/** The content hash of a link, as people and other registries write it (ENSIP-7). */
import { CID } from "multiformats/cid";
import { type Hex, toHex } from "../../abi/hex.js";

const LINK = /^(ipfs|ipns):\/\/([^/]+)\/?$/;
const PROTOCOL_CODES = { ipfs: "0xe301", ipns: "0xe501" } as const;

/**
 * @param link `ipfs://<CID>` or `ipns://<CID>`
 * @returns the protocol's code, and the CID in its version 1; null for what is no such link
 */
export function contenthashOfLink(link: string): Hex | null {
  const [, protocol, cid = ""] = LINK.exec(link) ?? [];
  try {
    const { bytes } = CID.parse(cid).toV1();
    return `${PROTOCOL_CODES[protocol === "ipfs" ? "ipfs" : "ipns"]}${toHex(bytes).slice(2)}` as Hex;
  } catch {
    return null;
  }
}
