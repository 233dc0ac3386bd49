/** The examples for client developers, each from a copy of its folder: installed, type checked, built, and tried. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect } from "chai";
import type { Request } from "playwright-core";
import { connectionDetails, type DemoWorld } from "../../src/demo/demoWorld.js";
import { type BentGateway, dead, DORA, openBentGateway } from "../browser/bentGateway.js";
import { type Chromium, startChromium } from "../browser/chromium.js";
import { type OpenPage, openPage } from "../browser/lookupPage.js";
import { serveFiles } from "../browser/serveFiles.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { startTestWorld } from "../e2e/testWorld.js";
import { type LoopbackServer, never } from "../lookup/loopbackServer.js";
import { buildExample, type BuiltExample, EXAMPLES, manifestOf, packSdk } from "./example.js";

const BUILD_TIMEOUT_MS = 600_000;
const IN_A_BROWSER = ["vite", "react", "wagmi"] as const;
/** Needs a server, which test:xmpp has: it is built alone. */
const BUILT_ALONE = "xmpp-node";
const ALL = [...IN_A_BROWSER, "next", BUILT_ALONE];
const NOBODY = "nobody.users.example.eth";

describe("the examples", () => {
  let tarball: string;
  let world: DemoWorld;
  let gateway: BentGateway;
  let chromium: Chromium;
  let demoFolder: string;
  let demoFile: string;

  before(async function () {
    this.timeout(BUILD_TIMEOUT_MS);
    tarball = await packSdk();
    chromium = await startChromium();
    world = await startTestWorld();
    gateway = await openBentGateway(world);
    demoFolder = await temporaryFolder();
    demoFile = join(demoFolder, "demo.json");
    await writeFile(demoFile, JSON.stringify(connectionDetails(world)));
  });
  after(async () => {
    await chromium.close();
    await gateway.server.close();
    await world.stop();
    await removeFolder(demoFolder);
  });
  beforeEach(() => {
    gateway.server.handler = gateway.honest;
  });

  const alice = () => world.people[0]!;

  it("are these five, each with a README of one screen", async () => {
    const entries = await readdir(EXAMPLES, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders).to.have.members(ALL);
    const readme = await readFile(join(EXAMPLES, "README.md"), "utf8");
    for (const name of ALL) {
      expect(readme).to.include(`](${name})`);
      const lines = (await readFile(join(EXAMPLES, name, "README.md"), "utf8")).split("\n");
      expect(lines.length, name).to.be.below(45);
    }
  });

  it("name every package in its exact version, and the SDK as it is packed", async () => {
    for (const name of ALL) {
      const { dependencies, devDependencies } = await manifestOf(join(EXAMPLES, name));
      const { "signpost-sdk": sdk, ...others } = { ...dependencies, ...devDependencies };
      expect(sdk, name).to.equal(`file:../../build/${basename(tarball)}`);
      for (const [of, version] of Object.entries(others)) {
        expect(version, `${of} of ${name}`).to.match(/^\d+\.\d+\.\d+$/);
      }
    }
  });

  for (const name of IN_A_BROWSER) {
    describe(name, () => {
      let example: BuiltExample;
      let site: LoopbackServer;
      let open: OpenPage;

      before(async function () {
        this.timeout(BUILD_TIMEOUT_MS);
        example = await buildExample(name, tarball, demoFile);
        site = await serveFiles(join(example.folder, "dist"));
      });
      after(async () => {
        await site.close();
        await example.remove();
      });
      beforeEach(async () => {
        open = await openPage(chromium.context, site.url);
      });
      afterEach(async () => {
        await open.close();
        expect(open.errors).to.deep.equal([]);
      });

      const ask = async (asked: string) => {
        await open.page.getByLabel("ENS name").fill(asked);
        await open.page.getByRole("button", { name: "Look up" }).click();
      };
      const shows = (text: string | RegExp) => open.page.getByText(text).waitFor();

      const isToGateway = (request: Request) => request.url().startsWith(gateway.server.url);
      /** A request that waits at the gateway, and would for longer than `askedInVain` lets it. */
      const waiting = () => open.page.waitForRequest(isToGateway);
      const askedInVain = () =>
        open.page.waitForEvent("requestfailed", { predicate: isToGateway, timeout: 5_000 });

      it("shows a profile that was found", async () => {
        await ask(alice().name);
        await shows(`the key of wallet ${alice().address}.`);
      });

      it("tells absent, unreachable, untrusted and no name from each other", async () => {
        await ask(NOBODY);
        await shows(/^Not reachable by DM3\. .*published no DM3 profile/);
        gateway.server.handler = dead;
        await ask(DORA);
        await shows(/^Not known now.*could not be read now/);
        await ask(alice().address);
        await shows(/is an Ethereum address, not an ENS name/);
        gateway.server.handler = gateway.tampered;
        await open.page.reload();
        await ask(DORA);
        await shows(/^Do not write to this name! .*refuses the answer/);
      });

      it("asks nobody again while a profile is valid", async () => {
        await ask(DORA);
        await shows(/^Encrypt for /);
        await ask(NOBODY);
        await shows(/^Not reachable by DM3/);
        const before = open.requests.length;
        await ask(DORA);
        await shows(/^Encrypt for /);
        expect(open.requests.slice(before)).to.deep.equal([]);
      });

      it("ends a lookup when another name is asked for, and shows the new answer only", async () => {
        gateway.server.handler = never;
        const [asked, ended] = [waiting(), askedInVain()];
        await ask(DORA);
        await asked;
        await ask(alice().name);
        await ended;
        await shows(`the key of wallet ${alice().address}.`);
      });

      if (name === "react") {
        it("ends a lookup when its component goes away", async () => {
          gateway.server.handler = never;
          const [asked, ended] = [waiting(), askedInVain()];
          await ask(DORA);
          await asked;
          await open.page.getByRole("button", { name: "Close" }).click();
          await ended;
        });

        it("looks again when somebody wants it", async () => {
          gateway.server.handler = dead;
          await ask(DORA);
          await shows(/^Not known now/);
          gateway.server.handler = gateway.honest;
          await open.page.getByRole("button", { name: "Try again" }).click();
          await shows(/^Encrypt for /);
        });
      }
    });
  }

  it(`are type checked and built where they need a server: ${BUILT_ALONE}`, async function () {
    this.timeout(BUILD_TIMEOUT_MS);
    const example = await buildExample(BUILT_ALONE, tarball, demoFile);
    try {
      const client = await readFile(join(example.folder, "dist/client.js"), "utf8");
      expect(client).to.include("createXmppMessenger(");
      const source = await readFile(join(example.folder, "src/client.ts"), "utf8");
      expect(source.split("\n").length).to.be.below(101);
    } finally {
      await example.remove();
    }
  });

  describe("next", () => {
    let example: BuiltExample;
    let url: string;

    before(async function () {
      this.timeout(BUILD_TIMEOUT_MS);
      example = await buildExample("next", tarball, demoFile);
      url = await example.startNext();
    });
    after(() => example.remove());

    const route = async (name: string) => {
      const response = await fetch(`${url}/api/profile/${name}`);
      return [response.status, ((await response.json()) as { status: string }).status];
    };

    it("has the tsconfig.json that Next itself would write", async () => {
      const [ours, built] = await Promise.all(
        [join(EXAMPLES, "next"), example.folder].map((folder) =>
          readFile(join(folder, "tsconfig.json"), "utf8"),
        ),
      );
      expect(built).to.equal(ours);
    });

    it("answers by its route, each outcome with a status of its own", async () => {
      expect(await route(alice().name)).to.deep.equal([200, "found"]);
      expect(await route(NOBODY)).to.deep.equal([404, "absent"]);
      expect(await route(alice().address)).to.deep.equal([400, "invalid"]);
      gateway.server.handler = dead;
      expect(await route(DORA)).to.deep.equal([503, "unreachable"]);
      gateway.server.handler = gateway.tampered;
      expect(await route(DORA)).to.deep.equal([502, "untrusted"]);
    });

    it("renders a profile on the server, and sends browsers neither SDK nor the node's URL", async () => {
      const open = await openPage(chromium.context, `${url}/?name=${alice().name}`);
      try {
        await open.page.getByText(`the key of wallet ${alice().address}.`).waitFor();
        const asked = open.requests.map((request) => new URL(request.split(" ")[1]!).origin);
        expect([...new Set(asked)]).to.deep.equal([url]);
        expect(await open.page.content()).not.to.include(world.chain.rpcUrl);
        expect(open.errors).to.deep.equal([]);
      } finally {
        await open.close();
      }
    });
  });
});
