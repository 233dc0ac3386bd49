/**
 * What every network does, whatever it is made of: the promises of `Network` (src/messaging/network.ts), each tried against a real
 * server. docs/connect-a-network.md tells how another network gets here.
 */
import { expect } from "chai";
import { until } from "../mail/until.js";
import { losesNothing } from "./contract/awayAndStopped.js";
import { carriesIntoTheNetwork } from "./contract/intoNetwork.js";
import { networkTrial } from "./contract/networkTrial.js";
import { carriesOutOfTheNetwork } from "./contract/outOfNetwork.js";
import type { NetworkScene } from "./networkScene.js";

export function holdsTheNetworkContract(
  what: string,
  openScene: () => Promise<NetworkScene>,
): void {
  describe(`a network: ${what}`, () => {
    const trial = networkTrial();

    before(async function () {
      this.timeout(360_000);
      trial.scene = await openScene();
      await until(() => trial.scene.happened.connected > 0);
      trial.bob = await trial.scene.newUser("bob");
    });
    after(async function () {
      this.timeout(180_000);
      await trial.scene.close();
    });

    it("says once that it can be reached", () => {
      const { network, happened } = trial.scene;
      expect(network.isConnected()).to.equal(true);
      expect(happened.connected).to.equal(1);
      expect(happened.disconnected).to.equal(0);
    });

    carriesIntoTheNetwork(trial);
    carriesOutOfTheNetwork(trial);
    losesNothing(trial);
  });
}
