/** A remote signer that speaks our protocol, with a real key. */
import type { IncomingMessage } from "node:http";
import { digestFrom } from "../../src/abi/digest.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { checksumAddress } from "../../src/ens/address.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { type Handler, type LoopbackServer, serve } from "../lookup/loopbackServer.js";

export const TOKEN = "s3cret-token";

export interface RemoteSignerServer extends LoopbackServer {
  /** Answers as it should. */
  readonly right: Handler;
  /** Answers to GET as it should, and to POST by `handler`. */
  onPost(handler: Handler): void;
}

/** @param key 32 bytes */
export async function serveSigner(key: Uint8Array): Promise<RemoteSignerServer> {
  const signer = localGatewaySigner(key);
  const right: Handler = (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      answer(401, { error: "unauthorized" });
    } else if (request.method === "GET") {
      answer(200, { address: checksumAddress(signer.address) });
    } else {
      void readBody(request)
        .then((body) =>
          signer.signDigest(digestFrom(fromHex((JSON.parse(body) as { digest: string }).digest))),
        )
        .then((signature) => answer(200, { signature: toHex(signature) }));
    }
  };
  const server = await serve(right);
  return Object.assign(server, {
    right,
    onPost: (handler: Handler) => {
      server.handler = (request, response) => {
        (request.method === "POST" ? handler : right)(request, response);
      };
    },
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
