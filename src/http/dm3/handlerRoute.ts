/**
 * GET /:resolver/:callData, the lookups of dm3's reference resolver: not for clients, but for dm3's own CCIP gateway, which
 * signs what is answered here. So a service with dm3's resolver contract can keep it, and its gateway, for the time being.
 *
 *   answer   the ABI-encoded result in hex, as text; of addr(bytes32) the bare 20 bytes, which the contract pads
 *            0x for a name that does not exist, and for addr(bytes32) of one without an address
 */
import type { RequestHandler } from "express";
import { abiFunction, selectorOf } from "../../abi/abiFunction.js";
import { fromHex, type Hex, toHex } from "../../abi/hex.js";
import { malformed } from "../../abi/word.js";
import { decodeInnerCall } from "../../ccip/innerCall.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import { decodeDnsName } from "../../ens/dnsName.js";
import { parentName } from "../../ens/hierarchy.js";
import type { Node } from "../../ens/namehash.js";
import type { NameRecords } from "../../ens/records.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { addr } from "../../ens/resolverFunctions.js";
import { isSignpostError } from "../../errors.js";
import type { Dm3Domains } from "../../registry/dm3/dm3Domains.js";
import type { RecordSource } from "../../registry/store.js";
import type { Statuses } from "../shownError.js";

/** Call data in hex, perhaps with dm3's `.json` behind it. The resolver's address counts for nothing, as in the reference. */
export const HANDLER_PATH = /^\/0x[0-9a-fA-F]{40}\/(0x[0-9a-fA-F]*)(?:\.json)?$/;

const resolve = abiFunction<[name: Uint8Array, data: Uint8Array]>(
  "function resolve(bytes name, bytes data)",
);
const resolveWithContext = abiFunction<[name: Uint8Array, data: Uint8Array, context: Uint8Array]>(
  "function resolveWithContext(bytes name, bytes data, bytes context)",
);

const NOTHING = "0x";

export const HANDLER_STATUS: Statuses<"DATABASE_UNAVAILABLE" | "INVALID_CONFIGURATION"> = {
  INVALID_REQUEST: 400,
  TOO_LARGE: 413,
  INTERNAL: 500,
  INVALID_CONFIGURATION: 500,
  DATABASE_UNAVAILABLE: 503,
};

export function handlerRoute(
  records: Pick<RecordSource, "recordsOf">,
  { addresses, names }: Dm3Domains,
): RequestHandler {
  return async (request, response) => {
    try {
      const asked = decodeQuestion(String(request.params[0]));
      const parent = parentName(asked.name);
      const isOurs = parent === addresses || (names !== null && parent === names);
      const found = isOurs ? await records.recordsOf(asked.node) : null;
      response.send(found ? asked.text(found.records) : NOTHING);
    } catch (error) {
      if (!isSignpostError(error, "INVALID_CALL_DATA", "INVALID_NAME", "INVALID_REQUEST"))
        throw error;
      response.status(400).json({ message: "Unknown error" });
    }
  };
}

interface Question {
  /** In normal form. */
  readonly name: string;
  readonly node: Node;
  readonly text: (records: NameRecords) => Hex;
}

/** Throws INVALID_REQUEST, INVALID_CALL_DATA or INVALID_NAME for what cannot be answered. */
function decodeQuestion(hex: string): Question {
  const callData = fromHex(hex);
  const [dnsName, call] =
    selectorOf(callData) === resolveWithContext.selector
      ? resolveWithContext.decodeInput(callData)
      : resolve.decodeInput(callData);
  // the reference's clients do not always send the normal form, of which they ask
  const asked = resolvableName(decodeDnsName(dnsName));
  const query = decodeInnerCall(asked, call);
  if (query.functionName === "unknown") throw malformed("the function is not one that we answer.");
  const text = (records: NameRecords) =>
    selectorOf(call) === addr.selector
      ? toHex(records.addresses.get(COIN_TYPE_ETH) ?? new Uint8Array(0))
      : toHex(query.answer(records));
  return { name: asked.name, node: asked.node, text };
}
