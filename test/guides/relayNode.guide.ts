/** The commands of docs/operations/relay-node.md, word for word and in their order, against a chain with ENS and a Postgres. */
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { freePort } from "../../src/demo/freePort.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { DM3_DELIVERY_SERVICE_KEY, DM3_PROFILE_KEY } from "../../src/dm3/profile/profileRecord.js";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { removeFolder } from "../childProgram.js";
import { deployEns, type LocalEns } from "../lookup/localEns.js";
import {
  cloneFolder,
  endScript,
  guideCommands,
  HANDS,
  READY,
  type RunningScript,
  runScript,
} from "./guideScript.js";

const NODE = "relay.example.eth";
const CANARY = "canary.relay.example.eth";

describe("the page on running a relay node", function () {
  this.timeout(540_000);
  let chain: LocalChain;
  let ens: LocalEns;
  let database: Awaited<ReturnType<typeof openScratchDatabase>>;
  let folder: string;
  let script: RunningScript | undefined;

  before(async () => {
    chain = await startLocalChain();
    ens = await deployEns();
    database = await openScratchDatabase();
    folder = await cloneFolder();
  });
  after(async () => {
    endScript(script);
    await removeFolder(folder);
    await database.close();
    await chain.stop();
  });

  /** What a person does in the ENS app with what was printed last, when the script waits for that. */
  async function publishWhatWasPrinted(isOver: () => boolean): Promise<void> {
    const wanted = join(folder, "publish");
    while (!isOver()) {
      if (await stat(wanted).catch(() => null)) {
        const output = await readFile(join(folder, "output.log"), "utf8");
        const last = (pattern: RegExp) => [...output.matchAll(pattern)].at(-1)?.[1];
        const record = last(/network\.dm3\.deliveryService\n +(data:\S+)/g);
        const address = last(/address (0x\w{40}) \(the record addr\)/g);
        const profile = last(/network\.dm3\.profile\n +(data:\S+)/g);
        for (const name of [NODE, CANARY]) await ens.setResolver(name, ens.publicResolver);
        await ens.setText(NODE, DM3_DELIVERY_SERVICE_KEY, record!);
        await ens.setAddress(CANARY, address!);
        await ens.setText(CANARY, DM3_PROFILE_KEY, profile!);
        await rm(wanted);
      }
      await delay(100);
    }
  }

  it("leads to a node whose canary comes back, before and after its keys are exchanged", async () => {
    const port = await freePort();
    await writeFile(
      join(folder, ".env"),
      [
        `DATABASE_URL=${database.url}`,
        `RELAY_ENS_CHAIN=${chain.chainId}`,
        `RELAY_ENS_REGISTRY=${ens.ensRegistry}`,
        "RELAY_ALLOW_LOOPBACK=true",
        "",
      ].join("\n"),
    );
    const publish = ": > publish; while [ -e publish ]; do command sleep 0.1; done";
    const commands = await guideCommands("../operations/relay-node.md", {
      values: {
        "export CHAIN_RPC_URLS": `${chain.chainId}=${chain.rpcUrl}`,
        "export RELAY_URL": `http://127.0.0.1:${port}/ds`,
      },
      lines: {
        ...READY,
        "npx signpost serve relay": `start 'listens on' env PORT=${port} node bin/signpost.mjs serve relay`,
        'read -p "Publish these records in the ENS app, then press Enter. "': publish,
        // and the patience until the node has looked at ENS again, a quarter of a minute
        'read -p "Publish this record in the ENS app, then press Enter. "': `${publish}; until npx signpost relay show | grep -q "keys 2  current"; do command sleep 1; done`,
      },
    });
    script = await runScript([HANDS, commands].join("\n"), folder);
    let isOver = false;
    const publishing = publishWhatWasPrinted(() => isOver);
    const { exitStatus, output } = await script.ended;
    isOver = true;
    await publishing;
    expect(exitStatus, output).to.equal(0);
    expect(output.match(/^The canary's message came back\. /gm), output).to.have.length(2);
    expect(output).to.match(/keys 2 {2}next since/);
    expect(output).to.match(/keys 2 {2}current since .*\nkeys 1 {2}former since/);
  });
});
