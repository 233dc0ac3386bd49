/** `signpost signer rotate` beside a running gateway: from the old signer to the new one, with no answer refused on the way. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { toHex } from "../../../src/abi/hex.js";
import { freePort } from "../../../src/demo/freePort.js";
import { checksumAddress, parseAddress } from "../../../src/ens/address.js";
import { localGatewaySigner } from "../../../src/gateway/gatewaySigner.js";
import {
  type ChildProgram,
  removeFolder,
  startProgram,
  temporaryFolder,
} from "../../childProgram.js";
import { bytes } from "../../db/sampleNames.js";
import { type RotationWorld, startRotationWorld } from "./rotationWorld.js";

const [OLD, NEW] = [bytes(32, 0x11), bytes(32, 0x22)];
const addressOf = (key: Uint8Array) => checksumAddress(localGatewaySigner(key).address);
const [old, next] = [addressOf(OLD), addressOf(NEW)];

describe("signpost signer rotate, beside a running gateway", function () {
  this.timeout(360_000);
  let world: RotationWorld;
  let folder: string;
  let gateway: ChildProgram;
  let resolver: string;
  let origin: string;
  let asOwner: readonly string[];

  before(async () => {
    world = await startRotationWorld();
    folder = await temporaryFolder();
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    const [owner = ""] = world.accounts;
    asOwner = ["--rpc-account", owner, "--yes"];
    const url = `${origin}/ccip/31337/{resolver}/{data}`;
    resolver = await world.serve("users.example.eth", { owner, signers: [old], urls: [url] });
    await mkdir(join(folder, ".signpost"));
    await writeKey(OLD);
    gateway = startProgram("src/main.ts", [], {
      cwd: folder,
      settings: {
        ...{ DATABASE_URL: world.database.url, PORT: String(port) },
        CHAIN_RPC_URLS: `31337=${world.chain.rpcUrl}`,
      },
    });
    await gateway.printed(/Signpost listens on (http:\S+)/);
  });
  after(async () => {
    gateway.process.kill("SIGKILL");
    await gateway.ended;
    await world.stop();
    await removeFolder(folder);
  });

  const writeKey = (key: Uint8Array) =>
    writeFile(join(folder, ".signpost/gateway-signer.key"), `${toHex(key)}\n`);
  /** As if it had been noted so long ago. */
  const age = (signer: string) =>
    world.database.pool.query(
      "update gateway_signer set last_at = now() - interval '8 minutes' where address = $1",
      [parseAddress(signer)],
    );

  it("leads to the new signer, and shows by whom the gateway signs", async () => {
    const { exitStatus, stdout, output } = await world.rotate([next, ...asOwner]);
    expect(exitStatus, output).to.equal(0);
    expect(stdout).to.match(new RegExp(`GATEWAY +SIGNS BY\n${origin} +${old}\n`));
    expect(stdout).to.match(new RegExp(`ON THIS DATABASE +LAST\n${old} +\\d+ s ago\n`));
    expect(stdout).to.include("SIGHUP");
  });

  it("takes nothing away while the gateway answers with the old signature", async () => {
    const early = await world.rotate(["--finish", old, ...asOwner]);
    expect(early.exitStatus).to.equal(1);
    expect(early.output).to.match(/a gateway on this database signed by/);
    // the gateway notes its signer again and again: sometimes just now
    let late = early;
    for (let look = 0; look < 5 && late.output.includes("on this database"); look++) {
      await age(old);
      late = await world.rotate(["--finish", old, ...asOwner]);
    }
    expect(late.exitStatus).to.equal(1);
    expect(late.output).to.include(`${origin} still answers with the signature of ${old}`);
    expect(await world.signersOf(resolver)).to.deep.equal([old, next]);
  });

  it("takes it away once the gateway is switched, and nothing is left to do", async () => {
    await writeKey(NEW);
    gateway.process.kill("SIGHUP");
    await gateway.printed(new RegExp(`is now ${next}`));
    const switched = await world.rotate([next]);
    expect(switched.exitStatus, switched.output).to.equal(0);
    expect(switched.stdout).to.match(new RegExp(`${origin} +${next}\n`));
    await age(old);
    const finished = await world.rotate(["--finish", old, ...asOwner]);
    expect(finished.exitStatus, finished.output).to.equal(0);
    expect(await world.signersOf(resolver)).to.deep.equal([next]);
    const again = await world.rotate([next]);
    expect(again.stdout).to.include(`Every resolver takes ${next}.\nNothing is left to do.\n`);
  });
});
