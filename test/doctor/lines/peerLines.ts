import { EZCCIP } from "@resolverworks/ezccip";
import { expect } from "chai";
import { computeAddress } from "ethers";
import { toHex } from "../../../src/abi/hex.js";
import { fromHex } from "../../../src/abi/hex.js";
import { answerDigest } from "../../../src/ccip/digest.js";
import { decodeInnerCall } from "../../../src/ccip/innerCall.js";
import { addressFrom } from "../../../src/ens/address.js";
import { askedNameOf } from "../../../src/ens/askedName.js";
import { NO_RECORDS } from "../../../src/ens/records.js";
import { resolve } from "../../../src/ens/resolverFunctions.js";
import { serve } from "../../lookup/loopbackServer.js";
import { lineOf, textOf } from "../diagnosis.js";
import { encodeResponse } from "../response.js";
import { testKey, type Ward } from "../ward.js";

export function peerLines(ward: () => Ward): void {
  it("a peer in the manner of the reference: told from ours, its weaknesses named", async () => {
    const gateway = await serve((request, response) => {
      const [, sender = "", data = "0x"] = (request.url ?? "").split("/");
      const callData = fromHex(data.replace(".json", ""));
      const [dnsName, call] = resolve.decodeInput(callData);
      const result = decodeInnerCall(askedNameOf(dnsName), call).answer(NO_RECORDS);
      const expiresSec = BigInt(Math.floor(Date.now() / 1000) + 7200);
      const target = addressFrom(fromHex(sender));
      const digest = answerDigest({ target, expiresSec, request: callData, result });
      const { serialized } = testKey.sign(toHex(digest));
      response.writeHead(200, {
        "content-type": "application/json",
        "access-control-allow-origin": "*",
      });
      response.end(JSON.stringify({ data: encodeResponse(result, expiresSec, serialized) }));
    });
    const url = `${gateway.url}/{sender}/{data}.json`;
    const resolver = await ward().deploy(
      "test/FeaturelessOffchainResolver",
      computeAddress(testKey),
      [url],
    );
    await ward().world.ens.setResolver("peer.example.eth", resolver);
    const lines = await ward().examine("someone.peer.example.eth");
    await gateway.close();

    expect(textOf(lines.filter(({ status }) => status === "failed"))).to.equal("");
    const warned = lines.filter(({ status }) => status === "warning").map(({ id }) => id);
    expect(warned).to.deep.equal([
      "multicall-feature",
      "url-order",
      "answer-expiry",
      "gateway-oracle",
      "unknown-function",
    ]);
    expect(lineOf(lines, "owner").seen).to.match(/not Ownable/);
    expect(lineOf(lines, "signers").seen).to.match(/does not list its signers/);
    expect(lineOf(lines, "request-chain").seen).to.match(/name no chain/);
    expect(lineOf(lines, "answer-signer").seen).to.include(computeAddress(testKey));
    expect(lineOf(lines, "answer-accepted").status).to.equal("passed");
    expect(lineOf(lines, "universal-multicall").seen).to.match(/batched \(ENSIP-21\)/);
  });

  it("a peer's gateway, @resolverworks/ezccip, on our resolver", async () => {
    const ezccip = new EZCCIP();
    ezccip.enableENSIP10(() => Promise.resolve({ text: () => Promise.resolve(undefined) }));
    const context = {
      protocol: "ens" as const,
      signingKey: testKey,
      resolver: ward().world.resolver,
      ttlSec: 120,
    };
    ward().bend(async (sent, { method, sender, callData }) => {
      if (method !== "POST") return;
      try {
        const { data } = await ezccip.handleRead(sender, toHex(callData), context);
        Object.assign(sent, { status: 200, body: JSON.stringify({ data }) });
      } catch (error) {
        const message = error instanceof Error ? error.message : "";
        Object.assign(sent, { status: 500, body: JSON.stringify({ message }) });
      }
    });
    const lines = await ward().examine();
    expect(lineOf(lines, "answer-accepted").status).to.equal("passed");
    expect(lineOf(lines, "multicall").status).to.equal("passed");
    const warned = lines.filter(({ status }) => status === "warning");
    expect(warned.map(({ id }) => id)).to.deep.equal(["gateway-oracle", "unknown-function"]);
    expect(warned[0]?.seen).to.match(/signs for whatever \{sender\} a client names/);
    expect(warned[1]?.seen).to.match(/HTTP 500: unsupported resolve\(\) method/);
    // its "ens" protocol signs over {sender}, and the UniversalResolver asks in its own name
    const wrong = lines.filter(({ status }) => status === "failed");
    expect(wrong.map(({ id }) => id)).to.deep.equal(["universal-single"]);
    expect(wrong[0]?.seen).to.match(/signed by 0x\w{40}, which the resolver does not trust/);
  });
}
