/** The commands of docs/guides/mirror.md, word for word and in their order: a mirror follows, takes over, and is followed. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { removeFolder } from "../childProgram.js";
import { hardhatNode } from "../e2e/evms.js";
import {
  openRotationScene,
  type RotationScene,
  type TestGateway,
} from "../faults/rotationScene.js";
import { type GuideClone, openGuideClone } from "./guideClone.js";
import { cloneFolder, guideCommands } from "./guideScript.js";

const DOMAIN = "users.example.eth";

describe("the guide for a mirror", function () {
  this.timeout(540_000);
  let scene: RotationScene;
  let primary: TestGateway;
  let primaryFolder: string;
  let mirror: GuideClone;

  before(async () => {
    scene = await openRotationScene(hardhatNode);
    primary = await scene.startGateway(undefined, 240);
    primaryFolder = await cloneFolder();
    await writeFile(join(primaryFolder, ".env"), `DATABASE_URL=${scene.databaseUrl}\n`);
    mirror = await openGuideClone();
  });
  after(async () => {
    await mirror.close();
    await removeFolder(primaryFolder);
    await scene.close();
  });

  it("copies a domain, lets the mirror take over, and the old primary follow", async () => {
    const deployed = await scene.admin(
      scene.owner,
      ...["deploy", "--signer", primary.signer, "--gateway", primary.service.url, "--create"],
    );
    const labels = ["alice", "bob", "carol"];
    const expected = await scene.publish(
      primary.service,
      DOMAIN,
      String(deployed["resolver"]),
      labels,
    );
    const commands = await guideCommands("mirror.md", {
      values: {
        PRIMARY: primaryFolder,
        MIRROR: mirror.folder,
        PRIMARY_URL: primary.service.url,
        // what it prints when it starts
        MIRROR_URL: "",
        NETWORK: '"--private-network 127.0.0.1/32"',
      },
      lines: {
        "npx signpost mirror show $DOMAIN": "MIRROR_URL=$(origin_of 1); copied",
      },
    });
    const { exitStatus, output } = await mirror.run(READ_BY_HAND, commands, AT_THE_NEW_ONE);
    expect(exitStatus, output).to.equal(0);

    const read = async (file: string) =>
      JSON.parse(await readFile(join(mirror.folder, file), "utf8")) as unknown;
    const { names } = (await read("names.json")) as { names: { name: string }[] };
    expect(names.map(({ name }) => name)).to.deep.equal([...expected.keys()].sort());
    expect(await read("changed.json")).to.deep.include({ outcome: "created" });
    const old = await primary.service.domains.domainHolding(`x.${DOMAIN}` as never);
    // it follows one in a private network now, which is told to nobody
    expect(old?.frozen).to.deep.equal({ to: null });
    const shown = await readFile(join(mirror.folder, "back.json"), "utf8");
    const { domain, failure } = JSON.parse(shown) as { domain: string; failure: string | null };
    expect(domain).to.equal(DOMAIN);
    // the primary of this test was not started again with the key that the guide makes
    if (failure !== null) expect(failure).to.match(/SECRETS_KEY_LOCATION/);
  });
});

/** What a person sees: that everything was copied. */
const READ_BY_HAND = String.raw`
copied() {
  for _ in $(seq 600); do
    if npx signpost mirror show $DOMAIN --json 2> /dev/null | grep -q '"isCopied": *true'; then return; fi
    command sleep 0.1
  done
  npx signpost mirror show $DOMAIN
  return 1
}
`;

/** The service writes to the mirror, which is the primary now, with the key that \`mirror add\` has printed. */
const AT_THE_NEW_ONE = String.raw`
cd $PRIMARY
npx signpost mirror show $DOMAIN --json > $MIRROR/back.json 2> /dev/null
cd $MIRROR
key=$(grep -oE 'signpost_[A-Za-z0-9_-]{43}' output.log | head -1)
ask() { curl --silent --fail --header "authorization: Bearer $key" --header 'content-type: application/json' "$@"; }
ask "$MIRROR_URL/v1/names" > names.json
ask --request PUT --data '{}' "$MIRROR_URL/v1/names/dave.$DOMAIN" > changed.json
`;
