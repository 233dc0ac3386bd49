/** Of every network: its server is away, hangs or is cut off, and the end. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { expectRejection } from "../../expectError.js";
import { until } from "../../mail/until.js";
import type { NetworkTrial } from "./networkTrial.js";

const ANSWER_MS = 20_000;

export function losesNothing(trial: NetworkTrial): void {
  const { alices, lettersTo, textsOf, endOf, submissionOf } = trial;

  describe("while its server is away", () => {
    it("says of what was on its way that nothing is known, and loses nothing", async () => {
      for (const end of ["stop", "cut"] as const) {
        const { connected, disconnected, endNoted } = trial.scene.happened;
        const letters = await lettersTo(trial.bob, 10, end);
        if (end === "cut") {
          await trial.scene.server.hold();
          const injected = trial.scene.network.inject(letters);
          injected.catch(() => undefined);
          await delay(200);
          await trial.scene.server.cut();
          await expectRejection(injected, "UNREACHABLE", /./);
        } else await trial.scene.server.stop();
        if (trial.scene.traits.hasConnection) {
          await until(() => trial.scene.happened.disconnected === disconnected + 1);
          expect(trial.scene.network.isConnected()).to.equal(false);
        }
        await expectRejection(trial.scene.network.inject(letters), "UNREACHABLE", /./);
        const { hash } = await submissionOf(trial.bob, "in vain");
        const told = trial.scene.network.tell(endOf(hash, `It was told ${end}.`));
        await expectRejection(told, "UNREACHABLE", /./);
        expect(trial.scene.happened.endNoted).to.have.length(endNoted.length);
        await trial.scene.server.start();
        await until(() => trial.scene.network.isConnected());
        expect(trial.scene.happened.connected).to.equal(
          connected + Number(trial.scene.traits.hasConnection),
        );
        await trial.scene.network.inject(letters);
        await until(() => new Set(textsOf(trial.bob, end)).size === letters.length);
      }
    }).timeout(120_000);

    it("reads no more of what waits than the server takes", async () => {
      let read = 0;
      const letter = await trial.scene.letter(trial.bob.address, "much", 60_000);
      const letters = Array.from({ length: 500 }, () => ({
        ...letter,
        get envelope() {
          read++;
          return letter.envelope;
        },
      }));
      read = 0; // the copies above read it as well
      await trial.scene.server.hold();
      const injected = trial.scene.network.inject(letters);
      injected.catch(() => undefined);
      for (let before = -1; before !== read;) {
        before = read;
        await delay(500);
      }
      expect(read).to.be.within(1, 250);
      await trial.scene.server.cut();
      await expectRejection(injected, "UNREACHABLE", /./);
      await trial.scene.server.start();
      await until(() => trial.scene.network.isConnected());
    }).timeout(60_000);
  });

  /** A server that has just come back may lose what is written then; an app writes it again. */
  async function untilKept(text: string): Promise<void> {
    const lost = { is: "lost" } as const;
    for (let attempt = 1; ; attempt++) {
      const written = trial.bob.write(alices(), text);
      const { is } = await Promise.race([written, delay(ANSWER_MS, lost)]);
      if (is === "kept") return;
      if (is !== "lost" || attempt === 4) throw new Error(`It was not kept: ${is}`);
    }
  }

  describe("when it is stopped", () => {
    it("does nothing more, and the other side knows", async () => {
      await untilKept("before the end");
      await trial.scene.network.stop();
      const before = JSON.stringify(trial.scene.happened);
      expect(trial.scene.network.isConnected()).to.equal(false);
      const late = trial.scene.letter(trial.bob.address, "too late");
      await expectRejection(trial.scene.network.inject([await late]), "UNREACHABLE", /./);
      expect((await trial.bob.write(alices(), "too late")).is).to.be.oneOf([
        "later",
        "refused",
        "gone",
      ]);
      expect(JSON.stringify(trial.scene.happened)).to.equal(before);
    });
  });
}
