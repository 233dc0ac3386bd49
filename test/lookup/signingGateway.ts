/** A CCIP gateway in few lines, whose answers a test can bend one field at a time. */
import type { IncomingMessage } from "node:http";
import { fromHex, type Hex, toHex } from "../../src/abi/hex.js";
import { decodeInnerCall } from "../../src/ccip/innerCall.js";
import { askedNameOf } from "../../src/ens/askedName.js";
import { type NameRecords, NO_RECORDS } from "../../src/ens/records.js";
import { resolve } from "../../src/ens/resolverFunctions.js";
import { gatewaySigner, latestTimestamp, type SigningKey } from "../contracts/deployment.js";
import { type Answer, encodeResponse, sign } from "../contracts/signedAnswer.js";
import type { Handler } from "./loopbackServer.js";

/** What is signed, and then what is sent; the same for an honest gateway. */
export interface Bend {
  readonly signed?: Partial<Answer>;
  readonly sent?: Partial<Pick<Answer, "expires" | "result">>;
  readonly key?: SigningKey;
  signature?(signature: Hex): Hex;
}

/** Answers from `recordsOf(name)` for the resolver contract at `target`. */
export function signingGateway(
  target: string,
  recordsOf: (name: string) => NameRecords | undefined,
  bend: Bend = {},
): Handler {
  return (request, response) => {
    void (async () => {
      const callData = await callDataOf(request);
      const [dnsName, call] = resolve.decodeInput(callData);
      const asked = askedNameOf(dnsName);
      const query = decodeInnerCall(asked, call);
      const result = toHex(query.answer(recordsOf(asked.name) ?? NO_RECORDS));
      const expires = (await latestTimestamp()) + 60n;
      const honest: Answer = { target, expires, request: toHex(callData), result };
      const signature = sign({ ...honest, ...bend.signed }, bend.key ?? gatewaySigner) as Hex;
      const sent = { ...honest, ...bend.signed, ...bend.sent };
      const data = encodeResponse(
        sent.result,
        sent.expires,
        bend.signature?.(signature) ?? signature,
      );
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ data }));
    })();
  };
}

/** Of a GET to /{data}.json, or of a POST with JSON `{data, sender}`. */
async function callDataOf(request: IncomingMessage): Promise<Uint8Array> {
  if (request.method === "GET") return fromHex(/0x[0-9a-f]*(?=\.json)/.exec(request.url ?? "")![0]);
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return fromHex((JSON.parse(body) as { data: string }).data);
}

/** Records of a name with texts and, if given, an Ethereum address (20 bytes). */
export function records(texts: Record<string, string>, address?: Uint8Array): NameRecords {
  return {
    ...NO_RECORDS,
    texts: new Map(Object.entries(texts)),
    addresses: new Map(address === undefined ? [] : [[60n, address]]),
  };
}
