/** What `signpost gateway check` and `signpost bridge check` make of a record that is not found. */
import { expect } from "chai";
import { bridgeCommand } from "../../../src/cli/bridge/bridgeCommand.js";
import { gatewayCommand } from "../../../src/cli/gateway/gatewayCommand.js";
import { type ChainServer, serveChain } from "../../lookup/chainServer.js";
import { answer, deadUrl } from "../../lookup/loopbackServer.js";
import {
  NETWORK,
  networkRecord,
  type NetworkScene,
  networkScene,
} from "../../lookup/networkScene.js";
import { createScene, DOMAIN, type Scene } from "../../lookup/scene.js";
import { runCommand } from "../runCommand.js";

const COMMANDS = [
  ["gateway", gatewayCommand],
  ["bridge", bridgeCommand],
] as const;

for (const [kind, command] of COMMANDS) {
  describe(`signpost ${kind} check: the record`, () => {
    let scene: Scene;
    let world: NetworkScene;
    let chain: ChainServer;

    before(async () => {
      scene = await createScene();
      chain = await serveChain();
    });
    beforeEach(async () => {
      await scene.reset();
      world = networkScene(scene);
    });
    after(async () => {
      await scene.close();
      await chain.close();
    });

    const run = (name: string, rpc = chain.url) =>
      runCommand(
        command,
        ...[kind, "check", name, "--rpc", rpc, "--registry", scene.ens.ensRegistry],
        "--allow-loopback",
      );

    it("is unreachable, 4, where the RPC node or the name's gateway is, and not to be registered", async () => {
      const withoutNode = await run(NETWORK, await deadUrl());
      scene.gateway.handler = answer("", { status: 502 });
      for (const { text, exitStatus } of [withoutNode, await run(NETWORK)]) {
        expect(exitStatus).to.equal(4);
        expect(text)
          .to.match(/x {2}record .*\n +-> Ask again/)
          .and.to.match(/^unreachable {2}/m);
        expect(text).not.to.match(/register/i);
      }
    });

    it("is to be registered where there is none, and anew where it is not proven; 7", async () => {
      const absent = await run(`no.${DOMAIN}`);
      expect(absent.exitStatus).to.equal(7);
      expect(absent.text).to.match(new RegExp(`-> Register it: signpost ${kind} register\\.`));
      world.publishNetwork({ ...networkRecord(), sizeLimit: 1 });
      const forged = await run(NETWORK);
      expect(forged.exitStatus).to.equal(7);
      expect(forged.text).to.match(
        new RegExp(`-> .* Register it again: signpost ${kind} register\\.`),
      );
    });
  });
}
