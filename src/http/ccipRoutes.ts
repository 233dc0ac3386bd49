/**
 * The CCIP gateway over HTTP (ERC-3668, "Gateway Interface").
 *
 *   POST /ccip/:chainId/:resolver                  body {"data": "0x...", "sender": "0x..."}
 *   GET  /ccip/:chainId/:resolver/:data            URL template .../{data}
 *   GET  /ccip/:chainId/:resolver/:sender/:data    URL template .../{sender}/{data}; ".json" may follow
 *
 * Chain and resolver are constants of the URL that the resolver publishes. `sender` is ignored: it is what
 * the client says, and not always the resolver (the UniversalResolver asks in its own name).
 */
import { type Request, Router, json } from "express";
import { type Hex, fromHex, toHex } from "../abi/hex.js";
import type { CcipRouter } from "../ccip/router.js";
import { SignpostError } from "../errors.js";
import type { GatewayCall } from "../gateway/gateway.js";

/** A multicall of 64 items with the longest name and 128-byte keys takes under 48 KiB in hex. */
const LONGEST_BODY = "64kb";

export function ccipRoutes(gateway: CcipRouter<GatewayCall>): Router {
  const router = Router();

  const answer = async (request: Request, data: unknown): Promise<{ data: Hex }> => {
    const { chainId, resolver } = request.params;
    const answered = await gateway.call({
      chainId: parseChainId(chainId),
      to: parseResolver(resolver),
      data: parseCallData(data),
    });
    return { data: toHex(answered.data) };
  };

  // express's default for a missing content type would be to ignore the body; clients are not that careful
  router.post(
    "/:chainId/:resolver",
    json({ limit: LONGEST_BODY, inflate: false, type: () => true }),
    async (request, response) => {
      const body: unknown = request.body;
      response.json(await answer(request, isObject(body) ? body["data"] : undefined));
    },
  );
  router.get(
    ["/:chainId/:resolver/:data", "/:chainId/:resolver/:sender/:data"],
    async (request, response) => {
      response.json(await answer(request, String(request.params["data"]).replace(/\.json$/, "")));
    },
  );

  return router;
}

function parseChainId(text: unknown): bigint {
  if (typeof text === "string" && /^[1-9][0-9]{0,18}$/.test(text)) return BigInt(text);
  throw unknownResolver("the chain id must be a decimal number");
}

function parseResolver(text: unknown): Uint8Array {
  if (typeof text === "string" && /^0x[0-9a-fA-F]{40}$/.test(text)) return fromHex(text);
  throw unknownResolver("the resolver must be an address");
}

/** Whatever stands in the place of a resolver, it is none that we serve. */
function unknownResolver(why: string): SignpostError {
  return new SignpostError(
    "UNKNOWN_RESOLVER",
    `No resolver of this gateway has this URL (${why}); gateway URLs have the form /ccip/<chain id>/<resolver>/{data}.`,
  );
}

function parseCallData(data: unknown): Uint8Array {
  if (typeof data === "string" && /^0x(?:[0-9a-fA-F]{2})*$/.test(data)) return fromHex(data);
  throw new SignpostError(
    "INVALID_CALL_DATA",
    "The call data is missing or is not hexadecimal; send 0x and an even number of digits as `data` (ERC-3668).",
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
