/** Claims by contract wallets: whether the signature holds, only the chain can say. */
import { randomBytes } from "node:crypto";
import { contentHash } from "../../../src/signing/nameRequest.js";
import { RESOLVER } from "./target.js";

const VALID_SEC = 600;
const NOTHING = contentHash({});

export function claimBody(domain: string, chainId: number): string {
  const name = `w${randomBytes(8).toString("hex")}.${domain}`;
  const deadline = Math.floor(Date.now() / 1000) + VALID_SEC;
  return JSON.stringify({
    chainId: String(chainId),
    resolver: RESOLVER,
    request: { action: "claim", domain, name, contentHash: NOTHING, sequence: 1, deadline },
    content: {},
    signer: `0x${randomBytes(20).toString("hex")}`,
    signature: `0x${randomBytes(65).toString("hex")}`,
  });
}
