/** Of every network: what is injected. */
import { expect } from "chai";
import { until } from "../../mail/until.js";
import type { NetworkTrial } from "./networkTrial.js";

export function carriesIntoTheNetwork(trial: NetworkTrial): void {
  const { alices, ended, lettersTo, textsOf } = trial;

  describe("into the network", () => {
    it("carries each whole, in their order, from the sender's address there", async () => {
      const letters = await lettersTo(trial.bob, 20, "whole", 6_000);
      await trial.scene.network.inject(letters);
      await until(() => textsOf(trial.bob, "whole").length >= letters.length);
      expect(textsOf(trial.bob, "whole")).to.deep.equal(letters.map((_, each) => `whole ${each}`));
      const senders = new Set(trial.bob.arrived.all.map(({ from }) => from));
      expect([...senders]).to.deep.equal([alices()]);
    });

    it("says that a user has it only when the user's app said so", async () => {
      const { happened, traits } = trial.scene;
      const letter = await trial.scene.letter(trial.bob.address, "had");
      await trial.scene.network.inject([letter]);
      const isTold = () => happened[traits.tells].includes(ended(letter));
      await trial.bob.arrived.first(({ text }) => text === "had");
      expect(isTold(), "as soon as inject resolves").to.equal(traits.tells === "taken");
      expect(happened.delivered, "before the app said so").not.to.include(ended(letter));
      await trial.bob.accept(letter);
      await until(isTold);
      const other = traits.tells === "taken" ? "delivered" : "taken";
      expect(happened[other]).not.to.include(ended(letter));
      expect(happened.refused).to.deep.equal([]);
    });

    it("says of a user who does not exist that it is refused, and why", async () => {
      const letters = [
        await trial.scene.letter(trial.scene.nobody, "1"),
        await trial.scene.letter(trial.bob.address, "2"),
      ];
      const { refused, sentences, taken, delivered } = trial.scene.happened;
      await trial.scene.network.inject(letters);
      await until(() => refused.length > 0);
      expect(refused).to.deep.equal([ended(letters[0]!)]);
      expect(sentences.at(-1)).to.match(/\S+ \S+/);
      expect([...taken, ...delivered]).not.to.include(ended(letters[0]!));
      await trial.bob.arrived.first(({ text }) => text === "2");
    });

    it("carries the longest message, and refuses one octet more without harm to others", async () => {
      const longest = await trial.scene.longest(trial.bob.address, "longest", 0);
      const longer = await trial.scene.longest(trial.bob.address, "longer", 1);
      const last = await trial.scene.letter(trial.bob.address, "behind them");
      await trial.scene.network.inject([longest, longer, last]);
      await trial.bob.arrived.first(({ text }) => text === "longest");
      await trial.bob.arrived.first(({ text }) => text === "behind them");
      await until(() => trial.scene.happened.refused.includes(ended(longer)));
      expect(trial.scene.happened.refused).not.to.include(ended(longest));
      expect(trial.bob.arrived.all.map(({ text }) => text)).not.to.include("longer");
      expect(trial.scene.happened.disconnected).to.equal(0);
    });

    it("carries 500 to several users, each user's in their order, and nobody waits for all others", async () => {
      const names = Array.from({ length: 20 }, (_, each) => `many${each}`);
      const users = await Promise.all(names.map((name) => trial.scene.newUser(name)));
      const last = await trial.scene.newUser("last");
      const letters = await Promise.all(users.map((user) => lettersTo(user, 25, "many", 6_000)));
      const one = await trial.scene.letter(last.address, "one");
      const injected = letters.map((each) => trial.scene.network.inject(each));
      await Promise.all([...injected, trial.scene.network.inject([one])]);
      const { place } = await last.arrived.first(({ text }) => text === "one");
      for (const user of users) {
        await until(() => textsOf(user, "many").length >= 25);
        expect(textsOf(user, "many")).to.deep.equal(letters[0]!.map((_, each) => `many ${each}`));
      }
      const places = users.flatMap((user) => user.arrived.all.map((each) => each.place));
      expect(places.filter((each) => each > place)).to.have.length.above(50);
    }).timeout(120_000);
  });
}
