/** The commands of docs/guides/moving.md, word for word and in their order, while clients look the domain's names up. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { removeFolder } from "../childProgram.js";
import { hardhatNode } from "../e2e/evms.js";
import { type LookupStream, startLookupStream } from "../e2e/lookupStream.js";
import { ethers6, viem } from "../e2e/stockClients.js";
import { until } from "../embedded-postgres/holder.js";
import {
  openRotationScene,
  type RotationScene,
  type TestGateway,
} from "../faults/rotationScene.js";
import { type GuideClone, openGuideClone } from "./guideClone.js";
import { cloneFolder, guideCommands } from "./guideScript.js";

const DOMAIN = "users.example.eth";
const INTERVAL_MS = 150;

describe("the guide for moving a domain", function () {
  this.timeout(540_000);
  let scene: RotationScene;
  let old: TestGateway;
  let oldFolder: string;
  let next: GuideClone;
  let stream: LookupStream | undefined;

  before(async () => {
    scene = await openRotationScene(hardhatNode);
    // as operators have it: doctor would warn of answers that end sooner
    old = await scene.startGateway(undefined, 240);
    oldFolder = await cloneFolder();
    await writeFile(join(oldFolder, ".env"), `DATABASE_URL=${scene.databaseUrl}\n`);
    next = await openGuideClone();
  });
  after(async () => {
    await stream?.stop();
    await next.close();
    await removeFolder(oldFolder);
    await scene.close();
  });

  it("leaves no lookup without its answer, and the names with their histories at the new installation", async () => {
    const deployed = await scene.admin(
      scene.owner,
      ...["deploy", "--signer", old.signer, "--gateway", old.service.url, "--create"],
    );
    const resolver = String(deployed["resolver"]);
    const labels = ["alice", "bob", "carol"];
    const expected = await scene.publish(old.service, DOMAIN, resolver, labels);
    await scene.ens.setResolver(DOMAIN, resolver);
    stream = startLookupStream([ethers6(scene), viem(scene)], expected, INTERVAL_MS);
    await stream.more(4);

    const values: Readonly<Record<string, string>> = {
      OLD: oldFolder,
      NEW: next.folder,
      "export RPC_URL": scene.chain.rpcUrl,
      // the script has no terminal to be asked on
      ACCOUNT: `"--rpc-account ${scene.owner} --yes"`,
      DOCTOR: `"--registry ${scene.ens.registry} --allow-loopback --universal-resolver ${scene.ens.universalResolver}"`,
      RESOLVER: resolver,
      OLD_GATEWAY: old.service.url,
      // of no proxy: what the gateway printed when it started
      NEW_GATEWAY: "",
      NEW_SIGNER: "$(signer_of 1); NEW_GATEWAY=$(origin_of 1)",
      OLD_SIGNER: old.signer,
    };
    const commands = await guideCommands("moving.md", { values, lines: {} });
    const running = next.run(READ_BY_HAND, commands, AT_THE_NEW_ONE);
    const isMoved = () => existsSync(join(next.folder, "changed.json"));
    await Promise.race([running, until(isMoved, 150_000)]);
    await stream.more(4);
    await stream.stop();
    await writeFile(join(next.folder, "looked"), "");
    const { exitStatus, output } = await running;
    expect(exitStatus, output).to.equal(0);
    expect(stream.failed, stream.failed.join("\n")).to.deep.equal([]);
    for (const [client, count] of stream.succeeded) expect(count, client).to.be.at.least(10);

    const read = async (file: string) =>
      JSON.parse(await readFile(join(next.folder, file), "utf8")) as unknown;
    const there = (await read("names.json")) as { names: { name: string; texts: object }[] };
    expect(there.names.map(({ name }) => name)).to.deep.equal([...expected.keys()].sort());
    expect(await read("changed.json")).to.deep.include({ outcome: "created" });
    const again = (await old.service.domains.domainHolding(`x.${DOMAIN}` as never))?.frozen;
    expect(again?.to).to.match(/^http:/);
  });
});

/** What a person reads off the screen. */
const READ_BY_HAND = String.raw`
signer_of() { grep -oE 'gatewaySigner +0x[0-9a-fA-F]+' started/$1.log | grep -oE '0x.*'; }
`;

/** The service writes to the new installation, with the key that the import has printed. */
const AT_THE_NEW_ONE = String.raw`
cd $NEW
key=$(grep -oE 'signpost_[A-Za-z0-9_-]{43}' output.log | head -1)
ask() { curl --silent --fail --header "authorization: Bearer $key" --header 'content-type: application/json' "$@"; }
ask "$NEW_GATEWAY/v1/names" > names.json
ask --request PUT --data '{}' "$NEW_GATEWAY/v1/names/dave.$DOMAIN" > written.json
mv written.json changed.json
# its end would end the gateway that it started
until [ -e looked ]; do command sleep 0.1; done
`;
