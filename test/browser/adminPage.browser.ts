/** The admin page in a real Chromium, against a real service and Postgres: each view, and what is done there. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { DOMAIN } from "../../src/demo/demoWorld.js";
import { parseAddress } from "../../src/ens/address.js";
import { ADMIN_SCREENSHOTS, type OpenAdminPage, openAdminPage } from "./adminPage.js";
import { type AdminWorld, MANY, MARKUP, openAdminWorld, RELAY, SOURCED } from "./adminWorld.js";
import { type Chromium, startChromium } from "./chromium.js";
import { textsOfLowContrast } from "./contrast.js";

describe("the admin page in a browser", () => {
  let admin: AdminWorld;
  let chromium: Chromium;
  let open: OpenAdminPage;

  before(async () => {
    chromium = await startChromium();
    admin = await openAdminWorld();
    await mkdir(ADMIN_SCREENSHOTS, { recursive: true });
  });
  after(async () => {
    await chromium.close();
    await admin.stop();
  });
  afterEach(async () => {
    const violations = await open.policyViolations();
    const foreign = open.requests.filter((request) => !request.includes(admin.world.service.url));
    const { page, errors } = open;
    expect(await page.locator("#parts :is(img, b, script, style, iframe)").count()).to.equal(0);
    await open.close();
    expect(violations).to.deep.equal([]);
    expect(errors).to.deep.equal([]);
    expect(foreign).to.deep.equal([]);
  });

  const alice = () => admin.world.people[0]!.name;
  /** Signed in, at a view of the demo's domain. */
  const at = async (view: string, apiKey = admin.world.apiKey) => {
    open = await openAdminPage(chromium.context, `${admin.url}#/${view}`);
    await open.signIn(apiKey);
    return open;
  };
  /** Above the table of that view; the same is read out beside. */
  const caption = (text: string) => open.page.locator("caption", { hasText: text }).waitFor();
  const rows = async () =>
    (await open.page.getByRole("row").allInnerTexts()).map((row) => row.replace(/\s+/g, " "));

  describe("names", () => {
    it("lists them with owner and state, and says how many there are", async () => {
      const { text, announcement } = await at("names");
      expect(await text()).to.include("5 names in all");
      expect(await announcement.innerText()).to.include("5 names in all");
      const listed = await rows();
      expect(listed[1]).to.match(new RegExp(`^${alice()} 0x\\w{6}…\\w{4} profile$`));
      expect(listed.find((row) => row.startsWith(RELAY))).to.match(
        /no wallet no profile relay node network$/,
      );
    });

    it("finds them by how they begin, what is in them, and whose they are", async () => {
      const { page, text } = await at("names");
      const search = async (by: string, what: string) => {
        await page.getByRole("combobox", { name: "Names" }).selectOption(by);
        await page.getByRole("textbox", { name: "Text" }).fill(what);
        await page.getByRole("button", { name: "Search" }).click();
        await page.waitForURL((url) => url.hash.startsWith(`#/names?${by}=`));
        await open.ready();
        return rows();
      };
      expect(await search("prefix", " AL ")).to.have.length(2);
      expect(page.url()).to.match(/#\/names\?prefix=al$/);
      expect(await search("contains", "relay")).to.have.length(3);
      const [, bob] = admin.world.people;
      const found = await search("address", bob!.address);
      expect(found).to.have.length(2);
      expect(found[1]).to.include(bob!.name);
      await search("prefix", "zoe");
      expect(await text()).to.match(/No such name[^]+no names that begin with zoe/);
      expect(await text()).to.include(`open zoe.${DOMAIN}`);
      await page.getByRole("link", { name: "Show all" }).click();
      expect(await text()).to.include("5 names in all");
      await search("address", "0x12");
      expect(await text()).to.match(/Refused[^]+address/);
    });

    it("comes in pages, each with a URL of its own", async () => {
      const { page, text } = await at("names", MANY.apiKey);
      expect(await text()).to.include("The first 50 names, and there are more");
      await page.getByRole("link", { name: "Next page" }).click();
      await caption("50 names further on, and there are more");
      expect((await rows())[1]).to.include(`user050.${MANY.domain}`);
      await page.getByRole("link", { name: "Next page" }).click();
      await caption("The last 20 names");
      expect(await page.getByRole("link", { name: "Next page" }).count()).to.equal(0);
      await page.goBack();
      await caption("50 names further on");
      await page.getByRole("link", { name: "First page" }).click();
      await caption("The first 50 names");
    });
  });

  describe("a name", () => {
    it("shows its profile, records and history", async () => {
      await admin.client.records.put(alice(), {
        texts: { url: "https://a.example", note: MARKUP },
      });
      const { text, heading, page } = await at(`names/${alice()}`);
      expect(await heading.innerText()).to.equal(alice());
      const { address, signedUserProfile } = admin.world.people[0]!;
      const shown = await text();
      const { publicEncryptionKey, publicSigningKey } = signedUserProfile.profile;
      for (const value of [address, publicEncryptionKey, publicSigningKey, RELAY, MARKUP]) {
        expect(shown).to.include(value);
      }
      expect(shown).to.match(/Version\s+\d+/);
      const history = page.locator("section", { hasText: "History" }).getByRole("row");
      const entries = (await history.allInnerTexts()).map((row) => row.replace(/\s+/g, " "));
      expect(entries.some((entry) => /^1 .+ API key \d+ profile published/.test(entry))).to.equal(
        true,
      );
      expect(entries.at(-1)).to.match(/records written .*text note/);
    });

    it("says what is wrong with a profile that no client accepts, and where one is that is kept elsewhere", async () => {
      const { page, text } = await at("domain");
      let record = "";
      await page.route(`**/v1/names/${alice()}`, async (route) => {
        const answer = await route.fetch();
        const name = (await answer.json()) as { texts: Record<string, string> };
        const texts = { ...name.texts, "network.dm3.profile": record };
        await route.fulfill({ response: answer, json: { ...name, texts } });
      });
      const shownWith = async (text_: string) => {
        record = text_;
        await page.goto(`${admin.url}#/domain`);
        await page.goto(`${admin.url}#/names/${alice()}`);
        return text();
      };
      expect(await shownWith('data:application/json,{"profile":{}}')).to.match(
        /It has one that no client accepts\. The field profile\.publicEncryptionKey/,
      );
      expect(await shownWith("https://a.example/profile.json")).to.include("It is kept elsewhere");
    });

    it("that is a relay node shows how it does, and how it did", async () => {
      await admin.noteChecks();
      const { page, text } = await at(`names/${RELAY}`);
      const node = page.locator("section.block", {
        has: page.getByRole("heading", { name: "Relay node", exact: true }),
      });
      await open.ready();
      const shown = (await node.innerText()).replace(/\s+/g, " ");
      expect(shown).to.match(/State unreachable It answers with <b>502<\/b>/);
      expect(shown).to.match(/Good checks of 30 days 75 %/);
      expect(shown).to.match(/URL https:\/\/relay\.example/);
      expect(shown).to.include("2 changes of its state, the newest first");
      const changes = await node.getByRole("row").allInnerTexts();
      expect(changes[1]).to.match(/unreachable\s+It answers with <b>502<\/b>/);
      expect(changes[2]).to.match(/works\s+–/);
      await node.getByText("Its checks, day by day (2 days)").click();
      const days = (await node.getByRole("row").allInnerTexts()).slice(-2);
      expect(days[0]).to.match(/^\d{4}-\d\d-\d\d\s+4\s+2$/);
      // as a name it has a history as well
      expect(await text()).to.include("registered as a relay node");
    });

    it("is suspended with a reason, and served again, each asked once more", async () => {
      const { page, question, text, announcement } = await at(`names/${alice()}`);
      await page.getByRole("button", { name: "Suspend …" }).click();
      expect(await question.innerText()).to.include(`Suspend ${alice()}?`);
      await page.getByRole("button", { name: "Suspend", exact: true }).click();
      expect(await question.innerText()).to.include("Say why");
      await page.getByLabel("Reason").fill(MARKUP);
      await page.getByRole("button", { name: "Suspend", exact: true }).click();
      await page.getByText(`${alice()} is suspended.`).first().waitFor();
      expect(await text()).to.match(/Suspended\s+Reason\s+<img src=x[^]+By\s+the domain’s service/);
      expect(await announcement.innerText()).to.include(`${alice()} is suspended.`);
      expect((await admin.client.names.get(alice()))?.suspension?.reason).to.equal(MARKUP);
      expect((await rows()).at(-1)).to.match(/API key \d+ suspended Reason: <img src=x/);

      await page.getByRole("button", { name: "Serve again …" }).click();
      await page.keyboard.press("Escape");
      await question.waitFor({ state: "hidden" });
      expect((await admin.client.names.get(alice()))?.suspension).not.to.equal(null);
      await page.getByRole("button", { name: "Serve again …" }).click();
      expect(await question.innerText()).to.include(`suspended because: ${MARKUP}`);
      await page.getByRole("button", { name: "Serve again", exact: true }).click();
      await page.getByText(`${alice()} is served again.`).first().waitFor();
      expect((await admin.client.names.get(alice()))?.suspension).to.equal(null);
    });

    it("is not suspended when it was changed after it was read", async () => {
      const { page, text } = await at(`names/${alice()}`);
      await page.getByRole("button", { name: "Suspend …" }).click();
      await admin.client.records.put(alice(), { texts: { avatar: "https://changed.example" } });
      await page.getByLabel("Reason").fill("spam");
      await page.getByRole("button", { name: "Suspend", exact: true }).click();
      await page.getByText("Somebody changed this name after you read it").first().waitFor();
      // as it is now, to decide again
      expect(await text()).to.include("https://changed.example");
      expect((await admin.client.names.get(alice()))?.suspension).to.equal(null);
      await page.getByRole("button", { name: "Suspend …" }).click();
      await page.getByLabel("Reason").fill("spam");
      await page.getByRole("button", { name: "Suspend", exact: true }).click();
      await page.getByText(`${alice()} is suspended.`).first().waitFor();
      await admin.client.names.unsuspend(alice());
    });

    it("is asked about again before the browser told that the question had closed", async () => {
      const { page, question } = await at(`names/${alice()}`);
      await page.getByRole("button", { name: "Suspend …" }).click();
      await question.waitFor();
      // Chromium tells so a frame later: the question closes and opens within one
      await page.evaluate(() => {
        document.getElementById("question-no")!.click();
        [...document.querySelectorAll("button")]
          .find((button) => button.textContent === "Suspend …")!
          .click();
      });
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))),
      );
      await page.getByLabel("Reason").fill("spam");
      await page.getByRole("button", { name: "Suspend", exact: true }).click();
      await page.getByText(`${alice()} is suspended.`).first().waitFor();
      await admin.client.names.unsuspend(alice());
    });

    it("leaves the next question alone when an answer comes after its view was left", async () => {
      const { page, question } = await at(`names/${alice()}`);
      let answer: () => void = () => undefined;
      const isHeld = new Promise<void>((resolve) => {
        void page.route("**/v1/names/*/suspension", async (route) => {
          resolve();
          await new Promise<void>((go) => (answer = go));
          await route.continue();
        });
      });
      const ask = async () => {
        await page.getByRole("button", { name: "Suspend …" }).click();
        await question.waitFor();
        await page.getByLabel("Reason").fill("spam");
      };
      await ask();
      await page.getByRole("button", { name: "Suspend", exact: true }).click();
      await isHeld;
      await page.evaluate((name) => (location.hash = `#/names/${name}`), RELAY);
      await page.getByRole("heading", { name: RELAY }).waitFor();
      await ask();
      const done = page.waitForResponse((response) => response.url().endsWith("/suspension"));
      answer();
      await (await done).finished();
      await page.waitForTimeout(500);
      expect(await question.isVisible()).to.equal(true);
      expect(await page.getByLabel("Reason").inputValue()).to.equal("spam");
      await admin.client.names.unsuspend(alice());
    });

    it("says in the question why the service refuses", async () => {
      const { apiKey } = await admin.newKey("reader", ["names:read"]);
      const { page, question } = await at(`names/${alice()}`, apiKey);
      await page.getByRole("button", { name: "Suspend …" }).click();
      await page.getByLabel("Reason").fill("spam");
      await page.getByRole("button", { name: "Suspend", exact: true }).click();
      await question.getByText("domain:admin").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      await question.waitFor({ state: "hidden" });
    });

    it("tells one that is gone from one that never was, by its history", async () => {
      const gone = `gone.${DOMAIN}`;
      await admin.client.names.put(gone, {});
      await admin.client.names.delete(gone);
      const { page, text } = await at(`names/${gone}`);
      expect(await text()).to.match(/There is no such name[^]+History[^]+deleted/);
      await page.goto(`${admin.url}#/names/never.${DOMAIN}`);
      await page.getByText("Nothing ever happened to this name here.").waitFor();
      expect(await text()).to.include("There is no such name");
      await page.goto(`${admin.url}#/names/alice.example.com`);
      await page.getByText("Not with this key").first().waitFor();
    });
  });

  describe("keys", () => {
    it("lists them with what they may do, and revokes one", async () => {
      const { id, apiKey } = await admin.newKey(MARKUP, ["names:read"]);
      const { page, question, text } = await at("keys");
      expect(await text()).to.include(MARKUP);
      const [newest = "", ...others] = (await rows()).slice(1);
      expect(newest).to.match(new RegExp(`^${id} <img .* names:read never .* when it is revoked`));
      expect(others.at(-1)).to.match(
        /first key you names:read names:write profiles:write domain:admin/,
      );
      expect(await page.content()).not.to.include(apiKey);
      await page.getByRole("button", { name: `Revoke key ${id}` }).click();
      expect(await question.innerText()).to.include("It cannot be taken back.");
      await page.getByRole("button", { name: "Revoke", exact: true }).click();
      await page.getByText(`Key ${id} does not work any more.`).first().waitFor();
      await open.ready();
      expect((await rows())[1]).to.match(/revoked/);
      const answer = await fetch(`${admin.world.service.url}/v1/domain`, {
        headers: { authorization: `Bearer ${apiKey}` },
      });
      expect(answer.status).to.equal(401);
    });

    it("signs out whoever revokes their own", async () => {
      const { apiKey, id } = await admin.newKey("my own", ["names:read", "domain:admin"]);
      const { page, question } = await at("keys", apiKey);
      await page.getByRole("button", { name: `Revoke key ${id}` }).click();
      expect(await question.innerText()).to.include("this page signs you out");
      await page.getByRole("button", { name: "Revoke", exact: true }).click();
      await page.getByRole("heading", { name: "Sign in" }).first().waitFor();
    });

    it("are not shown to a key that may only read", async () => {
      const { apiKey } = await admin.newKey("reader", ["names:read"]);
      const { text } = await at("keys", apiKey);
      expect(await text()).to.match(/Not with this key[^]+domain:admin/);
      await open.go("Source");
      expect(await text()).to.include("Not with this key");
    });
  });

  describe("source, nodes, networks and domain", () => {
    it("says that there is no source", async () => {
      const { text } = await at("source");
      expect(await text()).to.include("No data source");
    });

    it("lists what is wrong with rows, in pages and as text", async () => {
      const { page, text } = await at("source", SOURCED.apiKey);
      expect(await text()).to.include("https://users.example");
      expect(await text()).to.include(`profile: ${SOURCED.problems}`);
      expect(await text()).to.include("50 rows answered like absent names, and there are more");
      expect((await rows())[1]).to.match(
        /^user00\.sourced\.example\.eth profile The profile is <img/,
      );
      await page.getByRole("link", { name: "Next page" }).click();
      await caption("10 rows answered like absent names");
    });

    it("shows relay nodes with their health, and networks", async () => {
      const { text } = await at("nodes");
      const shown = await text();
      expect(shown).to.match(/2 relay nodes, of which 0 work/);
      expect(shown).to.include(`fallback-relay.${DOMAIN}`);
      expect(shown).to.match(/1 network[^]+bridge, xmpp[^]+chat\.example/);
    });

    it("says that there are none", async () => {
      const { text } = await at("nodes", MANY.apiKey);
      expect(await text()).to.match(/No relay nodes[^]+No networks/);
    });

    it("shows the domain with owner, policy, resolvers, and whether it is changed here", async () => {
      const { text } = await at("domain");
      const shown = await text();
      for (const fact of [admin.owner.address, admin.world.resolver.toLowerCase(), "31337"]) {
        expect(shown).to.include(fact);
      }
      expect(shown).to.match(/Changed here\s+yes/);
      expect(shown).to.match(/Owner signs in\s+yes/);
      expect(shown).to.match(/Claim names\s+No: only the service makes names/);
    });
  });

  it("shows who switches on signing in by a wallet, where it is off, and where nobody owns the domain", async () => {
    const { text } = await at("domain", MANY.apiKey);
    expect(await text()).to.match(/Owner\s+None\s+Owner signs in\s+no The domain many\.example/);
    expect(await text()).to.include("--owner <address> --sign-in on");
    await open.close();
    const owner = parseAddress(admin.owner.address);
    await admin.world.service.domains.changeDomain(MANY.domain, { owner });
    await at("domain", MANY.apiKey);
    expect(await open.text()).to.match(
      /Owner signs in\s+no Signing in by a wallet is off for many\.example\.eth here\..*the operator/,
    );
    expect(await open.text()).to.include(`signpost domain policy ${MANY.domain} --sign-in on`);
    await admin.world.service.domains.changeDomain(MANY.domain, { owner: null });
  });

  describe("says why something is not there", () => {
    it("when nothing answers, with a way to try again", async () => {
      const { page, text, announcement } = await at("domain");
      await page.route("**/v1/names?**", (route) => route.abort());
      await open.go("Names");
      expect(await text()).to.match(/Could not find out\s+http.* could not be reached/);
      expect(await announcement.innerText()).to.match(/^Could not find out\. http/);
      await page.unroute("**/v1/names?**");
      await page.getByRole("button", { name: "Try again" }).click();
      await caption("5 names in all");
    });

    it("when the service fails, with what the operator looks for", async () => {
      const { page, text } = await at("domain");
      await page.route("**/v1/names?**", (route) =>
        route.fulfill({
          status: 503,
          headers: { "x-request-id": "of-the-log" },
          json: { code: "DATABASE_UNAVAILABLE", message: `It is ${MARKUP}`, details: {} },
        }),
      );
      await open.go("Names");
      expect(await text()).to.match(/Could not find out\s+It is <img[^]+request id of-the-log/);
    });

    it("when the service is older than the page", async () => {
      const { page, text } = await at("domain");
      const json = { code: "NOT_FOUND", message: "Nothing answers GET on this path.", details: {} };
      await page.route("**/v1/keys**", (route) => route.fulfill({ status: 404, json }));
      await open.go("Keys");
      expect(await text()).to.match(/Not offered here\s+This service does not offer it/);
      expect(await page.getByRole("button", { name: "Try again" }).count()).to.equal(0);
    });

    it("when the link leads to no view", async () => {
      const { text, heading } = await at("elsewhere");
      expect(await heading.innerText()).to.equal("No such view");
      expect(await text()).to.include("Go to the names");
    });
  });

  it("is used by the keyboard alone, with the focus to be seen", async () => {
    open = await openAdminPage(chromium.context, admin.url);
    const { page, ready, question } = open;
    const { keyboard } = page;
    const focused = () =>
      page.evaluate(() => {
        const { id, tagName, textContent } = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement!);
        const isShown = outlineStyle === "solid" && parseFloat(outlineWidth) >= 2;
        if (!isShown && tagName !== "H1") throw new Error(`${tagName} #${id} shows no focus`);
        return id === "" ? `${tagName} ${textContent}` : id;
      });
    const tabTo = async (wanted: string) => {
      for (let steps = 0; steps < 40; steps++) {
        if ((await focused()) === wanted) return;
        await keyboard.press("Tab");
      }
      throw new Error(`Tab does not lead to ${wanted}`);
    };
    expect(await focused()).to.equal("api-key");
    await keyboard.type("signpost_x");
    await keyboard.press("Enter");
    expect(await page.locator("#api-key-problem").innerText()).to.include("no API key");
    expect(await focused()).to.equal("api-key");
    await keyboard.press("Control+A");
    await keyboard.type(admin.world.apiKey);
    await keyboard.press("Enter");
    await ready();
    // a new view begins at its heading
    expect(await focused()).to.equal("heading");
    await tabTo("search-text");
    await keyboard.type("ali");
    await keyboard.press("Enter");
    await page.waitForURL(/prefix=ali/);
    await ready();
    expect(await focused()).to.equal("heading");
    await tabTo(`A ${alice()}`);
    await keyboard.press("Enter");
    await page.waitForURL(/#\/names\/alice/);
    await ready();
    expect(await focused()).to.equal("heading");
    await tabTo("BUTTON Suspend …");
    await keyboard.press("Enter");
    await question.waitFor();
    expect(await focused()).to.equal("answer");
    await keyboard.press("Escape");
    await question.waitFor({ state: "hidden" });
    expect(await focused()).to.equal("BUTTON Suspend …");
    await keyboard.press("Enter");
    await keyboard.type("by keyboard");
    await tabTo("question-yes");
    await keyboard.press("Enter");
    await page.getByText(`${alice()} is suspended.`).first().waitFor();
    await ready();
    expect(await focused()).to.equal("heading");
    await tabTo("BUTTON Serve again …");
    await keyboard.press("Enter");
    // what is safe is at hand
    expect(await focused()).to.equal("question-no");
    await tabTo("question-yes");
    await keyboard.press("Enter");
    await page.getByText(`${alice()} is served again.`).first().waitFor();
    await page.reload();
    await page.keyboard.press("Tab");
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`is legible in ${colorScheme} mode and on a phone`, async () => {
      open = await openAdminPage(chromium.context, admin.url);
      const { page } = open;
      await page.emulateMedia({ colorScheme });
      const look = async (name: string) => {
        for (const [device, width] of [
          ["desk", 1100],
          ["phone", 360],
          ["small", 320],
        ] as const) {
          await page.setViewportSize({ width, height: 740 });
          const file = `${name}-${device}-${colorScheme}.png`;
          await page.screenshot({ path: join(ADMIN_SCREENSHOTS, file), fullPage: true });
          // as it is when it is opened
          await page.screenshot({ path: join(ADMIN_SCREENSHOTS, `top-${file}`) });
          expect(await page.evaluate(() => document.documentElement.scrollWidth), file).to.equal(
            width,
          );
          expect(await page.evaluate(textsOfLowContrast), file).to.deep.equal([]);
        }
      };
      await look("sign-in");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await look("sign-in-problem");
      await open.signIn(admin.world.apiKey);
      await admin.client.records.put(alice(), { texts: { note: `${MARKUP} `.repeat(60) } });
      await admin.client.names.suspend(`bob.${DOMAIN}`, "It sends advertisements to everybody.");
      await admin.newKey(`import job ${"x".repeat(60)}`, ["names:read", "names:write"]);
      const views = { names: "names", alice: `names/${alice()}`, bob: `names/bob.${DOMAIN}` };
      const others = {
        absent: `names/no.${DOMAIN}`,
        keys: "keys",
        source: "source",
        nodes: "nodes",
        relay: `names/${RELAY}`,
      };
      await admin.noteChecks();
      const all = { ...views, ...others, domain: "domain", none: "names?prefix=zoe" };
      for (const [name, view] of Object.entries(all)) {
        await page.goto(`${admin.url}#/${view}`);
        await open.ready();
        if (name === "relay") await page.getByText("Its checks, day by day").click();
        await look(name);
      }
      await page.goto(`${admin.url}#/names/${alice()}`);
      await page.getByRole("button", { name: "Suspend …" }).click();
      await page.getByRole("button", { name: "Suspend", exact: true }).click();
      await look("question");
      await page.keyboard.press("Escape");
      await page.route("**/v1/names?**", (route) => route.abort());
      await open.go("Names");
      await look("failed");
      await page.getByRole("button", { name: "Sign out" }).click();
      await open.signIn(SOURCED.apiKey);
      await page.goto(`${admin.url}#/source`);
      await open.ready();
      await look("problems");
      await open.go("Domain");
      await look("sign-in-off");
      await admin.client.names.unsuspend(`bob.${DOMAIN}`);
    });
  }
});
