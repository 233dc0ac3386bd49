/** The commands of docs/guides/for-admins.md, word for word and in their order, against a chain and gateways that are real. */
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { expect } from "chai";
import { readResolver } from "../../src/chain/resolverState.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { deployLocalEns, type LocalEns } from "../../src/demo/localEns.js";
import { type LoopbackServer, serve } from "../lookup/loopbackServer.js";
import { type GuideClone, openGuideClone } from "./guideClone.js";
import { guideCommands, READY } from "./guideScript.js";

describe("the guide for admins", function () {
  this.timeout(540_000);
  let chain: LocalChain;
  let ens: LocalEns;
  let proxy: LoopbackServer;
  let clone: GuideClone;

  before(async () => {
    chain = await startLocalChain();
    ens = await deployLocalEns(chain.admin);
    await ens.setResolver("users.example.eth", "0x0000000000000000000000000000000000000000");
    clone = await openGuideClone();
    // where the proxy passes requests on to: the guide's admin edits its configuration, the script writes this file
    const target = join(clone.folder, "proxy-target");
    proxy = await serve((incoming, outgoing) => {
      void readFile(target, "utf8").then((origin) => {
        const { method, headers, url = "/" } = incoming;
        const forward = request(new URL(url, origin.trim()), { method, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        });
        forward.on("error", () => outgoing.writeHead(502).end());
        incoming.pipe(forward);
      });
    });
  });
  after(async () => {
    await proxy.close();
    await clone.close();
    await chain.stop();
  });

  it("leads from an owner key to a rotated, moved resolver in other hands", async () => {
    const accounts = (await chain.provider.listAccounts()).map(({ address }) => address);
    const [owner = "", newOwner = ""] = accounts;
    const values: Readonly<Record<string, string>> = {
      "export RPC_URL": chain.rpcUrl,
      CHAIN: String(chain.chainId),
      // the script has no terminal to be asked on
      ACCOUNT: `"--rpc-account ${owner} --yes"`,
      ENS: `"--registry ${ens.registry}"`,
      DOCTOR: `"$ENS --allow-loopback --universal-resolver ${ens.universalResolver}"`,
      DOMAIN: "users.example.eth",
      SALT: "--create",
      GATEWAY: proxy.url,
      SIGNER: "$(signer_of 1)",
      RESOLVER: "$(deployed_resolver)",
      NEW_SIGNER: "$(new_signer)",
      PROCESS: "$(cat started/1.pid)",
      // the gateway itself, past its proxy
      NEW_GATEWAY: "$(origin_of 1)",
      NEW_OWNER: newOwner,
      NEW_ACCOUNT: `"--rpc-account ${newOwner} --yes"`,
    };
    const commands = await guideCommands("for-admins.md", { values, lines: READY });

    const { exitStatus, output } = await clone.run(PROXIED, commands);
    expect(exitStatus, output).to.equal(0);
    for (const seen of [
      /is what these sources compile to/,
      /users\.example\.eth is served/,
      /passed {2}users\.example\.eth: \d+ passed, 0 warnings, 0 failed/,
    ]) {
      expect(output).to.match(seen);
    }
    const resolver = /Deploy a resolver at (0x\w+)/.exec(output)![1]!;
    const newSigner = /^(0x\w+) {2}in \.signpost\/next\.key/m.exec(output)![1];
    const log = await readFile(join(clone.folder, "started/1.log"), "utf8");
    expect(log).to.include(
      `The gatewaySigner is now ${newSigner} (the file .signpost/gateway-signer.key)`,
    );
    const state = await readResolver(chain.provider, resolver);
    expect(state).to.deep.include({ owner: newOwner, pendingOwner: null, signers: [newSigner] });
    expect(state.urls).to.have.length(4);
    expect(state.maxValiditySec).to.equal(400n);
    const { names } = JSON.parse(await readFile(join(clone.folder, "handover.json"), "utf8")) as {
      names: unknown[];
    };
    expect(names).to.have.length(1);
    expect(names[0]).to.include({ name: "users.example.eth", isAttached: true, resolver });
  });
});

/**
 * The first gateway is what the proxy leads to from the start; and what a command has printed is copied from its output.
 */
const PROXIED = String.raw`
npm() {
  if [ "$*" != start ]; then command npm "$@"; return; fi
  start gatewaySigner env PORT=0 node dist/main.js
  if [ $started = 1 ]; then origin_of 1 > proxy-target; fi
}
signer_of() { grep -oE 'gatewaySigner +0x[0-9a-fA-F]+' started/$1.log | grep -oE '0x.*'; }
new_signer() { grep -E ' in \.signpost/next\.key' output.log | grep -oE '0x[0-9a-fA-F]+'; }
deployed_resolver() { grep -oE 'Deploy a resolver at 0x[0-9a-fA-F]+' output.log | grep -oE '0x.*'; }
`;
