/** The lookup page in a real Firefox: the four outcomes, its policy, and wallets. Everything else is tried in Chromium. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type DemoWorld, lookupPageUrl } from "../../src/demo/demoWorld.js";
import { startTestWorld } from "../e2e/testWorld.js";
import { type BentGateway, dead, DORA, openBentGateway } from "./bentGateway.js";
import { type Firefox, type FirefoxTab, startFirefox } from "./firefox.js";
import { SCREENSHOTS } from "./lookupPage.js";

const OUTCOME = `new Promise((resolve) => {
  const result = document.getElementById("result");
  const look = () => result.hidden ? setTimeout(look, 20) : resolve(result.innerText);
  look();
})`;

describe("the lookup page in Firefox", function () {
  this.timeout(360_000);
  let world: DemoWorld;
  let gateway: BentGateway;
  let firefox: Firefox;
  let tab: FirefoxTab;

  before(async () => {
    firefox = await startFirefox();
    world = await startTestWorld();
    gateway = await openBentGateway(world);
    await mkdir(SCREENSHOTS, { recursive: true });
  });
  after(async () => {
    await firefox.close();
    await gateway.server.close();
    await world.stop();
  });
  beforeEach(() => {
    gateway.server.handler = gateway.honest;
  });
  afterEach(() => tab.close());

  const alice = () => world.people[0]!;
  const outcomeOf = async (name: string) => {
    tab = await firefox.open(lookupPageUrl(world, name));
    return tab.evaluate(OUTCOME);
  };

  it("shows a profile with its relay nodes and every check", async () => {
    const text = await outcomeOf(alice().name);
    expect(text).to.match(/^✓\s+Found and verified/);
    expect(text).to.include(alice().address);
    expect(text).to.include("wallet-signature");
    expect(text).to.include("https://relay.example/dm3");
  });

  it("tells absent, unreachable and untrusted from each other, and says why", async () => {
    expect(await outcomeOf("nobody.users.example.eth")).to.match(/^–\s+No profile/);
    await tab.close();
    gateway.server.handler = gateway.tampered;
    expect(await outcomeOf(DORA)).to.match(/^✕\s+Do not trust this/);
    await tab.close();
    gateway.server.handler = dead;
    const unreachable = await outcomeOf(DORA);
    expect(unreachable).to.match(/^\?\s+Could not find out/);
    expect(unreachable).to.include(`Nothing answered at ${gateway.server.url}`);
    await tab.close();
    gateway.server.handler = gateway.withoutCors;
    expect(await outcomeOf(DORA)).to.include("does not let web pages read its answers (CORS)");
  });

  it("fits on a desk and on a phone", async () => {
    await outcomeOf(alice().name);
    for (const [device, width] of [
      ["desk", 1000],
      ["small", 320],
    ] as const) {
      await tab.resize(width, 740);
      // beside the page there may be a scrollbar
      const page = "document.documentElement";
      const fits = `innerWidth === ${width} && ${page}.scrollWidth === ${page}.clientWidth`;
      expect(await tab.evaluate(fits), device).to.equal(true);
      await writeFile(join(SCREENSHOTS, `firefox-${device}.png`), await tab.screenshot());
    }
  });

  it("lets the person choose between wallets that announce themselves", async () => {
    tab = await firefox.open(`${world.service.url}/lookup`);
    await tab.evaluate(`(() => {
      for (const name of ["One", "Two"]) {
        const provider = { request: () => Promise.reject(new Error(name + " is locked")) };
        const detail = { info: { name, rdns: "example." + name.toLowerCase() }, provider };
        window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
      }
      document.getElementById("name").value = "alice.eth";
      document.getElementById("via-wallet").click();
      document.querySelectorAll("#wallets input")[1].click();
      document.getElementById("look-up").click();
    })()`);
    expect(await tab.evaluate(OUTCOME)).to.match(/Two is locked[^]+The wallet Two/);
  });
});
