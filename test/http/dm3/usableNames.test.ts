/** Names that dm3's clients can use: they fold each name by nameprep, and ask for what comes of it. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { profilesOf } from "../../registry/openRegistry.js";
import { type Dm3Service, NAMES, NAMES_KEY, openDm3Service } from "./openDm3Service.js";
import { stockClient } from "./stockClient.js";

describe("http: names for dm3's clients", () => {
  let http: Dm3Service;

  before(async () => {
    http = await openDm3Service();
  });
  after(() => http.stop());

  const put = async (label: string, wallet: { address: string }, signedUserProfile: unknown) => {
    const path = `/names/${encodeURIComponent(`${label}.${NAMES}`)}/profile`;
    return http.v1("PUT", path, { address: wallet.address, signedUserProfile }, NAMES_KEY);
  };

  it("are those that fold to themselves; others a service can give, is warned of, and they are not shown", async () => {
    const wallet = Wallet.createRandom();
    const [profile] = await profilesOf(wallet, 1);
    const shown = () => http.get(`/profile/name/${wallet.address}`);
    const sharp = await put("größe", wallet, profile);
    expect(sharp.status).to.equal(201);
    expect(sharp.body["warning"]).to.match(/cannot find größe.*they ask for grösse/);
    const emoji = await put("🔥", wallet, profile);
    expect(emoji.body["warning"]).to.match(/they refuse it/);
    expect((await shown()).status).to.equal(404);
    const plain = await put("zoe", wallet, profile);
    expect(plain.body).to.not.have.property("warning");
    expect(JSON.parse((await shown()).body)).to.deep.equal({ name: `zoe.${NAMES}` });
  });

  it("are the only ones that wallets can choose through dm3's API", async () => {
    const client = await stockClient(http);
    await client.claimAddress(await client.profileWith("relay.example.eth"));
    for (const label of ["größe", "Größe", "σίσυφος", "🔥", "xn--a"]) {
      const answer = await client.claimSubdomain(`${label}.${NAMES}`);
      expect([label, answer.status, answer.body]).to.deep.equal([
        ...[label, 400, '{"error":"Could not create alias"}'],
      ]);
    }
    expect((await client.claimSubdomain(`süsse.${NAMES}`)).status).to.equal(200);
    expect((await client.getNameForAddress()).body).to.equal(`{"name":"süsse.${NAMES}"}`);
  });

  it("are refused to another wallet where one that folds to the same is somebody's: 409", async () => {
    const [alice, bob] = [Wallet.createRandom(), Wallet.createRandom()];
    expect((await put("fuß", alice, (await profilesOf(alice, 1))[0])).status).to.equal(201);
    const refused = await put("fuss", bob, (await profilesOf(bob, 1))[0]);
    expect(refused.status).to.equal(409);
    expect(refused.body["code"]).to.equal("NAME_TAKEN");
    expect(refused.body["details"]).to.include({ twin: `fuß.${NAMES}` });
  });
});
