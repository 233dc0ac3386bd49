/** A signer as docs/operations/signers.md has it, that takes 10 ms for a signature and gives at most 200 a second. */
import { createServer, type ServerResponse } from "node:http";
import { computeAddress, getBytes, hexlify } from "ethers";
import type { Digest } from "../../src/abi/digest.js";
import { nativeEcdsaSign } from "../../src/native/nativeEcdsa.js";
import { listen } from "./listen.js";

const TAKES_MS = 10;
/** Between the beginnings of two. */
const DISTANCE_MS = 1000 / 200;

const key = process.env["SIGNER_KEY"] ?? "";
const sign = await nativeEcdsaSign();
if (sign === null) throw new Error("There is no compiled libsecp256k1 on this platform.");
let earliestMs = 0;

const server = createServer((request, response) => {
  if (request.method === "GET") {
    send(response, { address: computeAddress(key) });
    return;
  }
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { digest } = JSON.parse(Buffer.concat(chunks).toString()) as { digest: string };
    const beginsMs = Math.max(performance.now(), earliestMs);
    earliestMs = beginsMs + DISTANCE_MS;
    setTimeout(
      () => {
        const { compact, recovery } = sign(getBytes(digest) as Digest, getBytes(key));
        send(response, { signature: hexlify(new Uint8Array([...compact, 27 + recovery])) });
      },
      beginsMs + TAKES_MS - performance.now(),
    );
  });
});
listen(server);

function send(response: ServerResponse, answer: object): void {
  const body = JSON.stringify(answer);
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
