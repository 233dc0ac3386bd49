/** Of every network: what its users submit, and what they are told. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { SignpostError } from "../../../src/errors.js";
import { formatNativeAddress } from "../../../src/messaging/address/nativeAddress.js";
import type { Submission } from "../../../src/messaging/network.js";
import { until } from "../../mail/until.js";
import { ALICE, type NetworkTrial } from "./networkTrial.js";

export function carriesOutOfTheNetwork(trial: NetworkTrial): void {
  const { alices, submittedBy, endOf, submissionOf } = trial;

  describe("out of the network", () => {
    it("submits what a user wrote, once, from the address that the network's server attests", async () => {
      const writer = await trial.scene.newUser("writer");
      expect(await writer.write(alices(), "hello")).to.deep.equal({ is: "kept" });
      const submissions = submittedBy(writer.address);
      expect(await Promise.all(submissions.map(trial.scene.textOf))).to.deep.equal(["hello"]);
      expect(submissions[0]).to.deep.include({ from: writer.address, to: ALICE });
      expect(submissions[0]!.hash).to.match(/^[0-9a-f]{64}$/);
    });

    it("submits nothing from an address that the sender only claims", async () => {
      const eve = await trial.scene.newUser("eve");
      const { is } = await eve.writeAs(trial.scene.somebodyElse, alices(), "forged");
      expect((await trial.bob.write(alices(), "after it")).is).to.equal("kept");
      expect(submittedBy(trial.scene.somebodyElse)).to.deep.equal([]);
      // some servers write the right address over it
      expect(submittedBy(eve.address)).to.have.length(is === "kept" ? 1 : 0);
    });

    it("answers only when it is kept", async () => {
      let keep: () => void = () => undefined;
      const usual = trial.scene.core.submitted;
      const asked = new Promise<void>((resolve) => {
        trial.scene.core.submitted = async (submission) => {
          resolve();
          await new Promise<void>((kept) => {
            keep = kept;
          });
          return usual(submission);
        };
      });
      let isAnswered = false;
      const written = trial.bob.write(alices(), "slow").finally(() => {
        isAnswered = true;
      });
      await asked;
      // time enough for whoever answers too early
      await delay(200);
      expect(isAnswered).to.equal(false);
      keep();
      expect(await written).to.deep.equal({ is: "kept" });
      trial.scene.core.submitted = usual;
    });

    for (const [code, sentence] of [
      ["NOT_LINKED", "Link the account first."],
      ["ENVELOPE_TOO_LARGE", "It is longer than 5 bytes."],
      ["ENVELOPE_MALFORMED", "The field to is missing."],
    ] as const) {
      it(`tells the user what is refused by name: ${code}`, async () => {
        const answer = await answerWhen(() => {
          throw new SignpostError(code, sentence, {
            ...{ address: "bob", sizeLimit: 5, field: "to" },
          });
        });
        expect(answer.is).to.equal("refused");
        if (answer.is !== "refused") return;
        expect(answer.sentence).to.include(sentence);
        expect(answer.code).to.equal(trial.scene.traits.showsCodes ? code : null);
      });
    }

    for (const code of ["UNREACHABLE", "DATABASE_UNAVAILABLE"] as const) {
      it(`tells the user to try again, and never that it is refused: ${code}`, async () => {
        const answer = await answerWhen(() => {
          throw new SignpostError(code, "Down.", {});
        });
        expect(answer).to.deep.equal({ is: "later" });
      });
    }

    it("tells the user to try again where we have a defect, and nothing of it", async () => {
      const answer = await answerWhen(() => {
        throw new Error("a defect");
      });
      expect(answer).to.deep.equal({ is: "later" });
    });

    it("keeps once what is written again after it was kept, and tries again what was not", async () => {
      const again = await trial.scene.newUser("again");
      const usual = trial.scene.core.submitted;
      trial.scene.core.submitted = () =>
        Promise.reject(new SignpostError("UNREACHABLE", "Down.", {}));
      expect(await again.write(alices(), "again")).to.deep.equal({ is: "later" });
      trial.scene.core.submitted = usual;
      for (let time = 0; time < 2; time++) {
        expect(await again.write(alices(), "again")).to.deep.equal({ is: "kept" });
      }
      const submissions = submittedBy(again.address);
      expect(new Set(submissions.map(({ hash }) => hash)).size, "the core keeps it once").to.equal(
        1,
      );
      expect(await trial.scene.textOf(submissions[0]!)).to.equal("again");
    });

    it("refuses what is written to nobody, with a sentence", async () => {
      const count = trial.scene.happened.submitted.length;
      const answer = await trial.bob.write(trial.scene.nobodysAddress, "lost");
      expect(answer.is).to.equal("refused");
      expect(answer)
        .to.have.property("sentence")
        .that.matches(/\S+ \S+/);
      expect(trial.scene.happened.submitted).to.have.length(count);
    });

    it("never says that nobody is there when that could not be found out", async () => {
      const usual = trial.scene.core.exists;
      trial.scene.core.exists = () => Promise.reject(new SignpostError("UNREACHABLE", "Down.", {}));
      expect((await trial.bob.write(alices(), "who knows")).is).to.be.oneOf(["kept", "later"]);
      trial.scene.core.exists = usual;
    });

    it("tells a user what will not arrive after all, and then that the user knows", async () => {
      expect(await trial.bob.write(alices(), "in vain")).to.deep.equal({ is: "kept" });
      const { hash } = await submissionOf(trial.bob, "in vain");
      const sentence = "Nobody reads at alice.eth any more.";
      await trial.scene.network.tell(endOf(hash, sentence));
      await trial.bob.ends.first((said) => said.includes(sentence));
      const noted = `${formatNativeAddress(trial.bob.address)} ${hash}`;
      await until(() => trial.scene.happened.endNoted.includes(noted));
    });

    async function answerWhen(fails: (submission: Submission) => never) {
      const usual = trial.scene.core.submitted;
      let wasAsked = false;
      trial.scene.core.submitted = async (submission) => {
        wasAsked = true;
        await Promise.resolve();
        fails(submission);
      };
      const answer = await trial.bob.write(alices(), `refused ${Math.random()}`);
      trial.scene.core.submitted = usual;
      expect(wasAsked).to.equal(true);
      return answer;
    }
  });
}
