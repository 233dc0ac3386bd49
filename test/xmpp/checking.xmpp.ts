/** `signpost gateway register` and `check` with a real server: the message of an account goes into DM3 and comes back. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { accountOf } from "../../src/cli/gateway/check/accountFlags.js";
import { throughNetwork } from "../../src/cli/gateway/check/throughNetwork.js";
import { gatewayCommand } from "../../src/cli/gateway/gatewayCommand.js";
import { registerAccount } from "../../src/demo/xmpp-servers/registerAccount.js";
import { startXmppWorld, type XmppWorld } from "../../src/demo/xmppWorld.js";
import type { Line } from "../../src/doctor/line.js";
import { resolveNetwork } from "../../src/sdk/node.js";
import { removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { runCommand } from "../cli/runCommand.js";
import { KINDS } from "./bothServers.js";
import { PASSWORD } from "./userClient.js";
import { ensOf, LONG_MS } from "./wholeScene.js";

const NETWORK = "xmpp.users.example.eth";

for (const kind of KINDS) {
  describe(`signpost gateway check, on ${kind}`, function () {
    this.timeout(LONG_MS);
    let world: XmppWorld;
    let folder: string;
    let account: string[];

    before(async () => {
      folder = await temporaryFolder();
      world = await startXmppWorld({
        ...{ kind, databaseUrl: undefined, onStep: () => undefined },
        reportFailure: () => undefined, // the gateway is stopped on the way
      });
      const { server } = world;
      await registerAccount(server, "canary", PASSWORD);
      await writeFile(join(folder, "password"), `${PASSWORD}\n`, { mode: 0o600 });
      account = [
        ...["--account", `canary@${server.domain}`, "--password-file", join(folder, "password")],
        ...["--wallet-file", join(folder, "wallet.key")],
        ...["--server", `${server.host}:${server.clientPort}`],
      ];
    });
    after(async () => {
      await world.stop();
      await removeFolder(folder);
    });

    async function check(...more: readonly string[]) {
      const { chain, ens } = world.demo;
      const { text, exitStatus } = await runCommand(
        gatewayCommand,
        ...["gateway", "check", NETWORK, "--rpc", chain.rpcUrl, "--registry", ens.registry],
        ...["--universal-resolver", ens.universalResolver, "--allow-loopback", "--json", ...more],
      );
      const { lines } = JSON.parse(text) as { lines: readonly Line[] };
      return { exitStatus, lines, statuses: lines.map(({ id, status }) => `${id} ${status}`) };
    }

    it("says that there is none, before it is registered", async () => {
      const { exitStatus, statuses } = await check(...account);
      expect(exitStatus).to.equal(7);
      expect(statuses).to.deep.equal([
        ...[
          "record failed",
          "login skipped",
          "component skipped",
          "link skipped",
          "canary skipped",
        ],
      ]);
    });

    it("is registered by one command", async () => {
      const { gateway, demo } = world;
      const settings = { ...gateway.environment, SIGNPOST_API_KEY: demo.apiKey };
      const given = Object.entries(settings).filter((one): one is [string, string] => !!one[1]);
      const program = startProgram(
        "src/cli/main.ts",
        ["gateway", "register", NETWORK, "--dns-server", "127.0.0.1:1"],
        { settings: Object.fromEntries(given), cwd: folder },
      );
      const { stdout } = await program.ended;
      expect(stdout, program.output()).to.match(/^ok answers /m);
      expect(stdout).to.match(/^ok network .*\(created\)$/m);
      expect(stdout).to.match(/^ok found +xmpp\.users\.example\.eth is a messaging gateway/m);
    });

    it("lets a message go through and back, again and again, and leaves nothing", async () => {
      for (let time = 0; time < 2; time++) {
        const { exitStatus, lines, statuses } = await check(...account);
        expect(statuses, JSON.stringify(lines)).to.deep.equal([
          ...["record passed", "node passed", "login passed"],
          ...["component passed", "link passed", "canary passed"],
        ]);
        expect(exitStatus).to.equal(0);
        expect(lines.at(-1)?.seen).to.match(
          /^a message to canary\.chat\.example\.eth came back in/,
        );
      }
    });

    it("looks at record and nodes alone without an account", async () => {
      const { exitStatus, statuses } = await check();
      expect(exitStatus).to.equal(0);
      expect(statuses.slice(0, 3)).to.deep.equal(["record passed", "node passed", "login skipped"]);
    });

    it("says of a message that does not come back how far it got", async () => {
      const [, address, , passwordFile, , walletFile, , server] = account as [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      const given = await accountOf({ account: address, passwordFile, walletFile, server });
      const lookup = ensOf(world);
      const network = await resolveNetwork(NETWORK, lookup);
      if (network.status !== "found" || given === null) throw new Error(network.sentence);
      const lines: string[] = [];
      await throughNetwork({ network, account: given, lookup, canaryMs: 1 }, (id, finding) =>
        lines.push(`${id} ${finding.status}: ${finding.seen}`),
      );
      expect(lines.at(-1)).to.match(
        /^canary failed: The message did not come back within 0\.001 s \(/,
      );
    });

    it("tells a wrong password, and a gateway that is away", async () => {
      await writeFile(join(folder, "wrong"), "another", { mode: 0o600 });
      const wrong = account.with(3, join(folder, "wrong"));
      const refused = await check(...wrong);
      expect(refused.exitStatus).to.equal(7);
      expect(refused.statuses.slice(2)).to.deep.equal([
        ...["login failed", "component skipped", "link skipped", "canary skipped"],
      ]);
      await world.gateway.stop();
      const away = await check(...account);
      expect(away.statuses).to.deep.equal([
        ...["record passed", "node failed", "login passed"],
        ...["component failed", "link skipped", "canary skipped"],
      ]);
      expect(away.lines[3]?.advice).to.match(/connected as dm3\.chat\.test/);
      await world.gateway.startAgain();
    });
  });
}
