/** By whom gateways sign: two installations behind one proxy are two gateways, and one for two resolvers is one. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { toHex } from "../../../src/abi/hex.js";
import { answerDigest } from "../../../src/ccip/digest.js";
import { parseAddress } from "../../../src/ens/address.js";
import { signedResponse } from "../../../src/lookup/answerExpiry.js";
import { hexBytes } from "../../../src/lookup/gatewayQuery.js";
import { answerJson, type LoopbackServer, serve } from "../../lookup/loopbackServer.js";
import { newAddress } from "../resolver/adminWorld.js";
import { type RotationWorld, startRotationWorld } from "./rotationWorld.js";

describe("signpost signer rotate, and gateways behind one origin", function () {
  this.timeout(360_000);
  const [european, american] = [Wallet.createRandom(), Wallet.createRandom()];
  const next = newAddress();
  let world: RotationWorld;
  let proxy: LoopbackServer;

  before(async () => {
    world = await startRotationWorld();
    proxy = await serve((request, response) => {
      const [, region, sender = "", data = ""] = (request.url ?? "").split("/");
      const wallet = region === "eu" ? european : american;
      answerJson({ data: signedBy(wallet, sender, data) })(request, response);
    });
  });
  after(async () => {
    await proxy.close();
    await world.stop();
  });

  it("asks each of its URLs, for one resolver, and tells them apart", async () => {
    const [owner = ""] = world.accounts;
    const signers = [next, european.address, american.address];
    const urls = ["eu", "us"].map((region) => `${proxy.url}/${region}/{sender}/{data}`);
    await world.serve("a.eth", { owner, signers, urls });
    await world.serve("bb.eth", { owner, signers, urls });
    const { stdout, output } = await world.rotate([next]);
    expect(stdout, output)
      .to.include(`${proxy.url}/eu/{sender}/{data}  ${european.address}\n`)
      .and.include(`${proxy.url}/us/{sender}/{data}  ${american.address}\n`);
    expect(proxy.requests).to.have.length(2);
  });

  it("removes no signer by whom one of them signs", async () => {
    await world.note(next, 1);
    const [owner = ""] = world.accounts;
    const finish = ["--finish", american.address, "--rpc-account", owner, "--yes"];
    const { exitStatus, output } = await world.rotate(finish);
    expect(exitStatus, output).to.equal(1);
    expect(output).to.include(`${proxy.url}/us/{sender}/{data} still answers with the signature`);
  });

  it("asks once where only the resolver's own address differs", async () => {
    const [owner = ""] = world.accounts;
    const urls = [`${proxy.url}/eu/{resolver}/{data}`];
    const before = proxy.requests.length;
    await world.serve("ccc.eth", { owner, signers: [next], urls });
    await world.serve("dddd.eth", { owner, signers: [next], urls });
    await world.rotate([next]);
    expect(proxy.requests).to.have.length(before + 3);
  });
});

/** As a gateway answers, whatever it was asked. */
function signedBy(wallet: Pick<Wallet, "signingKey">, sender: string, data: string): string {
  const result = new Uint8Array(32);
  const expiresSec = BigInt(Math.floor(Date.now() / 1000) + 60);
  const request = hexBytes(data) ?? new Uint8Array();
  const digest = answerDigest({ target: parseAddress(sender), expiresSec, request, result });
  const signature = hexBytes(wallet.signingKey.sign(digest).serialized) ?? new Uint8Array();
  return toHex(signedResponse.encodeOutput(result, expiresSec, signature));
}
