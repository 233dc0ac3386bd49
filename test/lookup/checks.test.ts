import { expect } from "chai";
import { outcomeText } from "../../src/cli/outcomeText.js";
import { SignpostError } from "../../src/errors.js";
import { CheckLog, checkThatFailed, failedCheck } from "../../src/lookup/checks.js";
import { resolveRelayNode } from "../../src/sdk/node.js";
import { signedByAlice } from "../dm3/profile/sampleProfiles.js";
import { expectError } from "../expectError.js";
import { expectUntrusted } from "./outcomes.js";
import { aliceProfile, createScene, RELAY, RELAY_KEY, relayProfile, type Scene } from "./scene.js";
import { records } from "./signingGateway.js";

/** C1 control characters (U+009B begins an escape sequence), and those that turn the line around. */
const HOSTILE = ["\u009b31m", "\u0085", "\u202e", "\u2066", "\u200f", "\u2028", "\u007f"];
const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** What picocolors writes before and after a word: red, say, and the colour that was there before. */
const ESCAPE = "\u001b";
const COLOURS = new RegExp(`${ESCAPE}\\[[0-9]{1,2}m`, "g");

describe("checks", () => {
  it("quote strangers without their control and formatting characters", () => {
    for (const character of HOSTILE) {
      const error = failedCheck("profile-format", `The name a${character}b is wrong.`);
      expect(error.message)
        .to.match(/^The name a .*b is wrong\.$/)
        .and.not.match(CONTROLS);
      expect(checkThatFailed(error)).to.equal("profile-format");
    }
    expect(failedCheck("profile-format", "x".repeat(5000)).message).to.have.length.below(1000);
  });

  it("do so also with what a parser said", () => {
    expectError(
      () =>
        new CheckLog().run("profile-format", "never", () => {
          throw new SignpostError("INVALID_PROFILE", "The field \u202e\u009b2J is unknown.");
        }),
      "INVALID_PROFILE",
      /^The field 2J is unknown\.$/,
    );
  });

  it("lets a defect pass as it is", () => {
    const defect = new TypeError("a defect");
    const run = () =>
      new CheckLog().run("profile-format", "never", () => {
        throw defect;
      });
    expect(run).to.throw(TypeError).that.equals(defect);
  });

  describe("of a hostile name", () => {
    let scene: Scene;

    before(async () => {
      scene = await createScene();
    });
    beforeEach(() => scene.reset());
    after(() => scene.close());

    /**
     * What the command prints, in both of its forms, apart from its own line ends and from the colours that it uses,
     * which are on in continuous integration.
     */
    const printed = (outcome: Parameters<typeof outcomeText>[0]) =>
      `${outcomeText(outcome)}${JSON.stringify(outcome)}`
        .replaceAll("\n", " ")
        .replaceAll(COLOURS, "");

    for (const character of HOSTILE) {
      const code = `U+${character.codePointAt(0)!.toString(16).padStart(4, "0")}`;

      it(`${code} in a relay node's name reaches neither sentence nor terminal`, async () => {
        const deliveryServices = [`a${character}b.eth`];
        const json = JSON.stringify(signedByAlice({ ...aliceProfile, deliveryServices }));
        scene.publish(`data:application/json,${json}`);
        const outcome = await scene.resolveAlice();
        expectUntrusted(outcome, "profile-format", /deliveryServices\.0 .*no ENSIP-15 normal form/);
        expect(printed(outcome)).to.not.match(CONTROLS);
      });

      it(`${code} in the name of an unknown field reaches neither sentence nor terminal`, async () => {
        const field = `x${character}y`;
        const json = JSON.stringify({ ...signedByAlice(aliceProfile), [field]: 1 });
        scene.publish(`data:application/json,${json}`);
        const profile = await scene.resolveAlice();
        expectUntrusted(profile, "profile-format", /unknown field "x.*y"/);
        expect(printed(profile)).to.not.match(CONTROLS);

        const relay = JSON.stringify({ ...relayProfile, [field]: 1 });
        scene.names.set(RELAY, records({ [RELAY_KEY]: `data:application/json,${relay}` }));
        const relayNode = await resolveRelayNode(RELAY, scene.options);
        expectUntrusted(relayNode, "profile-format", /unknown field "x.*y"/);
        expect(printed(relayNode)).to.not.match(CONTROLS);
      });
    }
  });
});
