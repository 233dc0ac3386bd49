/** The admin page in a real Firefox: signing in, a view, a question, and its width. Everything else is tried in Chromium. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { DOMAIN } from "../../src/demo/demoWorld.js";
import { ADMIN_SCREENSHOTS } from "./adminPage.js";
import { type AdminWorld, openAdminWorld } from "./adminWorld.js";
import { type Firefox, type FirefoxTab, startFirefox } from "./firefox.js";

describe("the admin page in Firefox", function () {
  this.timeout(360_000);
  let admin: AdminWorld;
  let firefox: Firefox;
  let tab: FirefoxTab;

  before(async () => {
    firefox = await startFirefox();
    admin = await openAdminWorld();
    await mkdir(ADMIN_SCREENSHOTS, { recursive: true });
  });
  after(async () => {
    await firefox.close();
    await admin.stop();
  });

  /** When nothing of the view is being read, and `wanted` stands there. */
  const textWith = (wanted: string) =>
    tab.evaluate(`new Promise((resolve) => {
      const look = () => {
        const text = document.querySelector("main").innerText;
        const isReading = document.querySelector("#parts [aria-busy]") !== null;
        if (!isReading && text.includes(${JSON.stringify(wanted)})) resolve(text);
        else setTimeout(look, 20);
      };
      look();
    })`);
  const click = (selector: string) =>
    tab.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);

  it("signs in, shows names, asks once more, and signs out", async () => {
    tab = await firefox.open(`${admin.url}#/names`);
    await tab.evaluate(
      `document.getElementById("api-key").value = ${JSON.stringify(admin.world.apiKey)}`,
    );
    await click("#use-key");
    expect(await textWith("5 names in all")).to.include(`alice.${DOMAIN}`);
    await tab.evaluate(`location.hash = "#/names/alice.${DOMAIN}"`);
    await textWith("profile published");
    for (const [device, width] of [
      ["desk", 1100],
      ["small", 320],
    ] as const) {
      await tab.resize(width, 740);
      const page = "document.documentElement";
      const fits = `innerWidth === ${width} && ${page}.scrollWidth === ${page}.clientWidth`;
      expect(await tab.evaluate(fits), device).to.equal(true);
      const file = join(ADMIN_SCREENSHOTS, `firefox-${device}.png`);
      await writeFile(file, await tab.screenshot());
    }
    await click("#view .actions button");
    expect(await tab.evaluate(`document.getElementById("question").open`)).to.equal(true);
    await tab.evaluate(`document.getElementById("answer").value = "spam"`);
    await click("#question-yes");
    expect(await textWith("is suspended.")).to.include("spam");
    await click("#sign-out");
    expect(await textWith("You are signed out.")).not.to.include("alice");
    await tab.close();
  });
});
