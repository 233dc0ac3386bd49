import { expect } from "chai";
import { encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import { resolveProfiles as resolveInBrowser } from "../../src/sdk/index.js";
import { resolveProfiles } from "../../src/sdk/node.js";
import { aliceAddress, signedByAlice } from "../dm3/profile/sampleProfiles.js";
import { expectRejection } from "../expectError.js";
import { ALICE, aliceProfile, createScene, DOMAIN, PROFILE_KEY, type Scene } from "./scene.js";
import { records } from "./signingGateway.js";

describe("resolveProfiles", () => {
  let scene: Scene;
  before(async () => {
    scene = await createScene();
  });
  beforeEach(() => scene.reset());
  after(() => scene.close());
  const options = () => ({ ...scene.options, relayNodes: "none" as const });

  it("gives the outcomes in the order of the names, more than are asked at once, each asked once", async () => {
    const profile = encodeProfileRecord(signedByAlice(aliceProfile));
    const names = Array.from({ length: 40 }, (_, index) => `user${index}.${DOMAIN}`);
    for (const name of names.slice(0, 20)) {
      scene.names.set(name, records({ [PROFILE_KEY]: profile }, aliceAddress));
    }
    const outcomes = await resolveProfiles([...names, ALICE.toUpperCase(), names[0]!], options());
    expect(outcomes.map(({ name }) => name)).to.deep.equal([...names, ALICE, names[0]]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      ...new Array<string>(20).fill("found"),
      ...new Array<string>(20).fill("absent"),
      ...["found", "found"],
    ]);
    expect(outcomes[0]).to.equal(outcomes[41]);
    expect(scene.gateway.requests).to.have.length(2 * 41);
    expect(await resolveInBrowser([ALICE], options())).to.have.length(1);
    expect(await resolveProfiles([], options())).to.deep.equal([]);
  });

  it("asks nobody where one name is none", async () => {
    await expectRejection(resolveProfiles([ALICE, "a..b"], options()), "INVALID_NAME", /a\.\.b/);
    expect(scene.gateway.requests).to.deep.equal([]);
  });

  it("ends with the reason of the signal", async () => {
    const reason = new Error("the page was left");
    const signal = AbortSignal.abort(reason);
    const rejected = await resolveProfiles([ALICE], { ...options(), signal }).catch(
      (error: unknown) => error,
    );
    expect(rejected).to.equal(reason);
    expect(scene.gateway.requests).to.deep.equal([]);
  });
});
