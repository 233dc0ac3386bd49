import * as dagPb from "@ipld/dag-pb";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect } from "chai";
import { UnixFS } from "ipfs-unixfs";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";
import { toHex } from "../../src/abi/hex.js";
import { dm3Hash } from "../../src/dm3/stringify.js";
import { signedByAlice } from "../dm3/profile/sampleProfiles.js";
import { answer, deadUrl, never, redirectTo, serve } from "./loopbackServer.js";
import { expectFound, expectUnreachable, expectUntrusted } from "./outcomes.js";
import { aliceProfile, createScene, type Scene } from "./scene.js";

const signed = signedByAlice(aliceProfile);
const json = new TextEncoder().encode(JSON.stringify(signed, null, 2));

describe("profileSource", () => {
  let scene: Scene;

  before(async () => {
    scene = await createScene();
  });
  beforeEach(async () => {
    await scene.reset();
    scene.host.handler = answer(json);
  });
  after(() => scene.close());

  describe("https links", () => {
    const link = (hash: string) => `${scene.host.url}/alice.json?dm3Hash=${hash}`;

    it("reads the linked profile by the hash of its canonical JSON", async () => {
      scene.publish(link(dm3Hash(signed)));
      const found = expectFound(await scene.resolveAlice());
      expect(found.source).to.equal("https");
      expect(found.checks.map(({ check }) => check)).to.include("link-hash");
    });

    it("reads it by the hash of its bytes, without 0x", async () => {
      scene.publish(link(toHex(sha256(json)).slice(2)));
      expectFound(await scene.resolveAlice());
    });

    it("refuses content with another hash: link-hash", async () => {
      scene.publish(link(`0x${"00".repeat(32)}`));
      expectUntrusted(
        await scene.resolveAlice(),
        "link-hash",
        /not the one that the link's dm3Hash/,
      );
    });

    it("refuses a link without hash: link-hash", async () => {
      scene.publish(`${scene.host.url}/alice.json`);
      expectUntrusted(await scene.resolveAlice(), "link-hash", /carries no dm3Hash/);
    });

    it("refuses HTML: link-hash", async () => {
      scene.publish(link(dm3Hash(signed)));
      scene.host.handler = answer("<html>", { type: "text/html" });
      expectUntrusted(await scene.resolveAlice(), "link-hash", /not JSON/);
    });

    it("refuses a link with a malformed hash: profile-record", async () => {
      scene.publish(link("0x12"));
      expectUntrusted(await scene.resolveAlice(), "profile-record", /dm3Hash of the link is not/);
    });

    const failures = {
      "HTTP 404": [answer("", { status: 404 }), /answered HTTP 404/],
      "a redirect into a private network": [redirectTo("http://10.0.0.1/"), /redirect/],
      "a body over 32 KiB": [answer(new Uint8Array(32_769)), /more than 32768 bytes/],
    } as const;
    for (const [title, [handler, reason]] of Object.entries(failures)) {
      it(`is unreachable after ${title}`, async () => {
        scene.publish(link(dm3Hash(signed)));
        scene.host.handler = handler;
        expectUnreachable(await scene.resolveAlice(), reason);
      });
    }

    it("is unreachable when the host is too slow", async () => {
      scene.publish(link(dm3Hash(signed)));
      scene.host.handler = never;
      const outcome = await scene.resolveAlice({ timeoutMs: 500 });
      expectUnreachable(outcome, /did not answer completely/);
    });

    it("does not fetch from private addresses", async () => {
      scene.publish(`https://192.168.0.1/alice.json?dm3Hash=${dm3Hash(signed)}`);
      expectUnreachable(await scene.resolveAlice(), /192\.168\.0\.1 is not a public address/);
    });
  });

  describe("IPFS", () => {
    const cidOf = (block: Uint8Array, codec: number) =>
      CID.createV1(codec, Digest.create(0x12, sha256(block))).toString();
    const rawCid = cidOf(json, 0x55);

    it("asks a gateway for the raw block and verifies it", async () => {
      scene.publish(`ipfs://${rawCid}`);
      const found = expectFound(await scene.resolveAlice({ ipfsGateways: [`${scene.host.url}/`] }));
      expect(found.source).to.equal("ipfs");
      expect(scene.host.requests).to.deep.equal([`GET /ipfs/${rawCid}?format=raw`]);
      expect(found.checks.map(({ check }) => check)).to.include("ipfs-cid");
    });

    it("reads a UnixFS file", async () => {
      const file = new UnixFS({ type: "file", data: json });
      const block = dagPb.encode(dagPb.prepare({ Data: file.marshal(), Links: [] }));
      scene.host.handler = answer(block);
      scene.publish(`ipfs://${cidOf(block, dagPb.code)}`);
      expectFound(await scene.resolveAlice({ ipfsGateways: [scene.host.url] }));
    });

    it("tries the next gateway after a wrong block, an error, or nobody", async () => {
      const liar = await serve(answer("another file"));
      const broken = await serve(answer("", { status: 502 }));
      const ipfsGateways = [liar.url, broken.url, await deadUrl(), scene.host.url];
      scene.publish(`ipfs://${rawCid}`);
      const outcome = await scene.resolveAlice({ ipfsGateways });
      await Promise.all([liar.close(), broken.close()]);
      expectFound(outcome);
    });

    it("refuses another content than the CID's: ipfs-cid", async () => {
      scene.publish(`ipfs://${rawCid}`);
      scene.host.handler = answer("another file");
      const outcome = await scene.resolveAlice({ ipfsGateways: [scene.host.url] });
      expectUntrusted(outcome, "ipfs-cid", /not the one that the CID names/);
    });

    it("refuses a file that is no JSON: profile-format", async () => {
      const file = new TextEncoder().encode("hello");
      scene.publish(`ipfs://${cidOf(file, 0x55)}`);
      scene.host.handler = answer(file);
      const outcome = await scene.resolveAlice({ ipfsGateways: [scene.host.url] });
      expectUntrusted(outcome, "profile-format", /not JSON/);
    });

    it("is unreachable when no gateway answers", async () => {
      scene.publish(`ipfs://${rawCid}`);
      scene.host.handler = answer("", { status: 504 });
      const outcome = await scene.resolveAlice({ ipfsGateways: [scene.host.url, await deadUrl()] });
      expectUnreachable(outcome, /HTTP 504/, /ECONNREFUSED/);
    });

    it("is unreachable without any gateway", async () => {
      scene.publish(`ipfs://${rawCid}`);
      expectUnreachable(await scene.resolveAlice({ ipfsGateways: [] }));
    });
  });
});
