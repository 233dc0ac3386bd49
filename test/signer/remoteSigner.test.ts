/** A remote signer over real HTTP, as the settings name it: what it may do wrong, and what becomes of it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { checksumAddress } from "../../src/ens/address.js";
import { localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import type { OpenSigner } from "../../src/signer/openSigner.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import {
  answer,
  answerJson,
  deadUrl,
  endless,
  type Handler,
  never,
  redirectTo,
} from "../lookup/loopbackServer.js";
import { openSignerOf } from "./openSignerOf.js";
import { type RemoteSignerServer, serveSigner, TOKEN } from "./remoteSignerServer.js";

const KEY = bytes(32, 0x11);
const DIGEST = bytes(32, 7);
const local = localGatewaySigner(KEY);

describe("signer/remoteSigner", () => {
  let folder: string;
  let server: RemoteSignerServer;
  let signer: OpenSigner | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "signpost-signer-"));
    await writeFile(join(folder, "token"), `${TOKEN}\n`);
    await writeFile(join(folder, "other-token"), "hunter2");
  });
  beforeEach(async () => {
    server = await serveSigner(KEY);
  });
  afterEach(async () => {
    await server.close();
    await signer?.close();
    signer = undefined;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const open = async (url = `${server.url}/keys/1?tenant=a`, token = "token") => {
    const settings = { GATEWAY_SIGNER: url, GATEWAY_SIGNER_TOKEN_FILE: join(folder, token) };
    return (signer = await openSignerOf(settings, "make"));
  };

  it("signs as the key over there, at exactly the URL that was configured", async () => {
    await open();
    expect(checksumAddress(signer!.address)).to.equal(checksumAddress(local.address));
    expect(signer!.description).to.equal(`a remote signer at ${server.url}`);
    for (let index = 0; index < 8; index++) {
      const digest = bytes(32, index);
      expect(await signer!.signDigest(digest)).to.deep.equal(await local.signDigest(digest));
    }
    expect(new Set(server.requests)).to.deep.equal(
      new Set(["GET /keys/1?tenant=a", "POST /keys/1?tenant=a"]),
    );
  });

  it("finds the right v, whatever the signer wrote there", async () => {
    await open();
    const right = await local.signDigest(DIGEST);
    for (const v of [0, 1, 27, 28, 255]) {
      server.onPost(
        answerJson({ signature: toHex(new Uint8Array([...right.subarray(0, 64), v])) }),
      );
      expect(await signer!.signDigest(DIGEST)).to.deep.equal(right);
    }
  });

  const right = secp256k1.Signature.fromBytes(
    secp256k1.sign(DIGEST, KEY, { prehash: false }),
    "compact",
  );
  const highS = new secp256k1.Signature(right.r, secp256k1.Point.CURVE().n - right.s);
  const other = secp256k1.sign(DIGEST, bytes(32, 0x22), { prehash: false });
  const otherDigest = secp256k1.sign(bytes(32, 8), KEY, { prehash: false });
  const signed = (compact: Uint8Array, rest: number[] = [27]): Handler =>
    answerJson({ signature: toHex(new Uint8Array([...compact, ...rest])) });

  const faults: [what: string, handler: Handler, reason: string, sentence: RegExp][] = [
    ["a signature by another key", signed(other), "by another key", /is not by 0x19E7E376/],
    ["one over another digest", signed(otherDigest), "by another key", /is not by 0x19E7E376/],
    ["a high s", signed(highS.toBytes("compact")), "high s", /refuse \(EIP-2\)/],
    ["zeros", signed(new Uint8Array(64)), "no signature", /no secp256k1 signature/],
    ["r and s over the order", signed(bytes(64, 0xff)), "no signature", /no secp256k1 signature/],
    ["64 bytes", signed(right.toBytes("compact"), []), "no signature", /did not answer with a sig/],
    ["66 bytes", signed(right.toBytes("compact"), [27, 0]), "no signature", /did not answer with/],
    ["no hex", answerJson({ signature: "hunter2" }), "no signature", /did not answer with a sig/],
    ["other JSON", answerJson([{ sig: "0x" }]), "no signature", /did not answer with a signature/],
    ["no JSON", answer("<html>"), "no signature", /did not answer with a signature/],
    ["nothing", answer(""), "no signature", /did not answer with a signature/],
    ["HTTP 500", answerJson({ signature: "0x" }, 500), "HTTP 500", /answered with HTTP 500/],
    ["HTTP 204", answer("", { status: 204 }), "HTTP 204", /answered with HTTP 204/],
    ["HTTP 403", answerJson({}, 403), "refused", /refuses us \(HTTP 403\).*TOKEN_FILE/],
    ["a body without end", endless, "no answer", /it sent more than 1024 bytes/],
    [
      "a broken connection",
      (request) => request.socket.destroy(),
      "no answer",
      /could not be reached/,
    ],
  ];
  for (const [what, handler, reason, sentence] of faults) {
    it(`refuses ${what}`, async () => {
      await open();
      server.onPost(handler);
      const error = await expectRejection(
        signer!.signDigest(DIGEST),
        "SIGNER_UNAVAILABLE",
        sentence,
      );
      expect(error.details["reason"]).to.equal(reason);
      expect(error.message).not.to.match(/hunter2|s3cret/);
      server.handler = server.right;
      expect(await signer!.signDigest(DIGEST), "right again").to.have.length(65);
    });
  }

  it("does not follow a redirect, not even to itself", async () => {
    await open();
    server.onPost(redirectTo("/elsewhere"));
    await expectRejection(signer!.signDigest(DIGEST), "SIGNER_UNAVAILABLE", /redirect.*final URL/);
    expect(server.requests.filter((request) => request.includes("elsewhere"))).to.deep.equal([]);
  });

  it("gives up after 1.5 s of silence, in the middle of a body as well", async () => {
    await open();
    for (const slow of [never, () => undefined]) {
      server.onPost(slow);
      const startMs = performance.now();
      await expectRejection(
        signer!.signDigest(DIGEST),
        "SIGNER_UNAVAILABLE",
        /gave no answer: it did not answer completely within 1500 ms/,
      );
      expect(performance.now() - startMs).to.be.within(1_400, 10_000);
    }
  });

  it("is not opened when it is not there, refuses the token, or is something else", async () => {
    await expectRejection(open(await deadUrl()), "SIGNER_UNAVAILABLE", /\(ECONNREFUSED\)/);
    await expectRejection(open(server.url, "other-token"), "SIGNER_UNAVAILABLE", /HTTP 401/);
    server.handler = answerJson({ address: "0x1234" });
    await expectRejection(open(), "SIGNER_UNAVAILABLE", /did not answer with an address/);
    server.handler = answerJson({ version: 1 });
    await expectRejection(open(), "SIGNER_UNAVAILABLE", /did not answer with an address/);
  });

  it("is not opened when it does not sign by the key that it names", async () => {
    const thief = await serveSigner(bytes(32, 0x22));
    server.onPost(thief.right);
    await expectRejection(open(), "SIGNER_UNAVAILABLE", /not by 0x19E7E376/);
    await thief.close();
  });
});
