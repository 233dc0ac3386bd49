/** The admin page in a real Chromium: who gets in, what is kept of them, and when they are out again. */
import { expect } from "chai";
import { Wallet } from "ethers";
import { adminPage, startAdminPage } from "../../src/capabilities/admin-page/adminPage.js";
import { DOMAIN } from "../../src/demo/demoWorld.js";
import { parseAddress } from "../../src/ens/address.js";
import { whyNoSignIn } from "../../src/sdk/index.js";
import { startService } from "../../src/service/service.js";
import { type OpenAdminPage, openAdminPage, putSigningWallet, type Signed } from "./adminPage.js";
import { type AdminWorld, MANY, openAdminWorld } from "./adminWorld.js";
import { type Chromium, startChromium } from "./chromium.js";

describe("the admin page: signing in and out", () => {
  let admin: AdminWorld;
  let chromium: Chromium;
  let open: OpenAdminPage;

  before(async () => {
    chromium = await startChromium();
    admin = await openAdminWorld();
  });
  after(async () => {
    await chromium.close();
    await admin.stop();
  });
  afterEach(async () => {
    const violations = await open.policyViolations();
    const { errors } = open;
    await open.close();
    expect(violations).to.deep.equal([]);
    expect(errors).to.deep.equal([]);
  });

  const statusOf = async (apiKey: string) => {
    const headers = { authorization: `Bearer ${apiKey}` };
    return (await fetch(`${admin.world.service.url}/v1/domain`, { headers })).status;
  };
  const problem = (field: string) => open.page.locator(`#${field}-problem`).innerText();
  /** All that a page can leave in a browser. */
  const traces = () =>
    open.page.evaluate(() => ({
      url: location.href,
      local: JSON.stringify(Object.entries(localStorage)),
      tab: JSON.stringify(Object.entries(sessionStorage)),
      cookies: document.cookie,
      field: (document.getElementById("api-key") as HTMLInputElement).value,
      page: document.documentElement.outerHTML,
    }));
  const isSignInShown = () => open.page.getByRole("heading", { name: "Sign in" }).first().waitFor();

  describe("by an API key", () => {
    it("keeps it in memory alone, and forgets everything at the end", async () => {
      const { apiKey } = admin.world;
      open = await openAdminPage(chromium.context, `${admin.url}#/domain`);
      await open.signIn(apiKey);
      expect(JSON.stringify(await traces())).not.to.include(apiKey.slice(9));
      expect(open.requests.join()).not.to.include(apiKey.slice(9));
      await open.page.getByRole("button", { name: "Sign out" }).click();
      await isSignInShown();
      const left = await traces();
      expect(left.page).not.to.include(`${DOMAIN}</bdi>`);
      expect(left.page).not.to.include(admin.owner.address);
      expect({ ...left, page: "", url: "" }).to.deep.equal({
        ...{ page: "", url: "", local: "[]", tab: "[]", cookies: "", field: "" },
      });
      // of a program: the page does not end it
      expect(await statusOf(apiKey)).to.equal(200);
      await open.page.reload();
      await isSignInShown();
    });

    it("stays in this tab where the person wants that, and in no other one", async () => {
      open = await openAdminPage(chromium.context, `${admin.url}#/domain`);
      const { page, heading } = open;
      await page.getByLabel("Stay signed in").check();
      await open.signIn(admin.world.apiKey);
      await page.reload();
      await open.ready();
      expect(await heading.innerText()).to.equal("Domain");
      const { local } = await traces();
      expect(local).to.equal("[]");
      const other = await openAdminPage(chromium.context, admin.url);
      await other.page.getByRole("heading", { name: "Sign in" }).first().waitFor();
      await other.close();
      await page.getByRole("button", { name: "Sign out" }).click();
      await isSignInShown();
      expect((await traces()).tab).to.equal("[]");
      await page.reload();
      await isSignInShown();
    });

    it("says what is wrong with a key", async () => {
      open = await openAdminPage(chromium.context, admin.url);
      const { page } = open;
      const attempt = async (apiKey: string) => {
        await page.getByLabel("API key", { exact: true }).fill(apiKey);
        await page.getByRole("button", { name: "Sign in", exact: true }).click();
        await page.locator("#api-key-problem:not(:empty)").waitFor();
        return problem("api-key");
      };
      expect(await attempt("signpost_short")).to.include("This is no API key");
      expect(open.requests.filter((request) => request.includes("/v1/"))).to.deep.equal([]);
      expect(await attempt(`signpost_${"A".repeat(43)}`)).to.include("does not know this key");
      const { apiKey } = await admin.newKey("writer", ["names:write"]);
      expect(await attempt(apiKey)).to.include("This key may not read names");
      expect(await open.announcement.innerText()).to.include("This key may not read names");
    });

    it("says that there is no service API where the page runs alone", async () => {
      const alone = await startService([{ capability: adminPage, start: startAdminPage }], {
        ...{ host: "127.0.0.1", port: 0, reportFailure: () => undefined },
        database: { url: "postgresql://u@localhost:1/d", standbyUrls: [], pooler: "none" },
      });
      try {
        open = await openAdminPage(chromium.context, `${alone.url}/admin`);
        await open.page.getByLabel("API key", { exact: true }).fill(admin.world.apiKey);
        await open.page.getByRole("button", { name: "Sign in", exact: true }).click();
        await open.page.locator("#api-key-problem:not(:empty)").waitFor();
        expect(await problem("api-key")).to.include("There is no service API at this address");
      } finally {
        await alone.stop();
      }
    });
  });

  describe("by a wallet", () => {
    let signed: readonly Signed[];
    let isWilling: boolean;

    const withWallet = async (wallet: Wallet, view = "domain") => {
      isWilling = true;
      open = await openAdminPage(chromium.context, `${admin.url}#/${view}`, {
        before: async (page) => {
          signed = await putSigningWallet(page, wallet, admin.world.chain.chainId, () => isWilling);
        },
      });
      await open.page.getByLabel("Domain", { exact: true }).fill(DOMAIN);
      return open;
    };
    const signIn = () => open.page.getByRole("button", { name: "Sign in with the wallet" }).click();
    /** The key of the session that is opened next. */
    const sessionKey = async () => {
      const answer = await open.page.waitForResponse((response) =>
        response.url().endsWith("/v1/sessions"),
      );
      return ((await answer.json()) as { apiKey: string }).apiKey;
    };

    it("signs once, for a session that signing out ends at the service", async () => {
      const { page, text } = await withWallet(admin.owner);
      const key = sessionKey();
      await signIn();
      expect(await text()).to.include(admin.owner.address);
      const apiKey = await key;
      expect(signed).to.have.length(1);
      expect(signed[0]?.primaryType).to.equal("NameRequest");
      expect(signed[0]?.message).to.include({
        ...{ action: "openSession", domain: DOMAIN, name: DOMAIN, sequence: 0 },
      });
      expect(await page.locator("#who-text").innerText()).to.match(/^by 0x\w{6}…\w{4} until \d/);
      await open.go("Keys");
      expect(await text()).to.match(/session of 0x/);
      expect(await text()).to.include("names:read");
      expect(await statusOf(apiKey)).to.equal(200);
      const ended = page.waitForResponse((response) =>
        response.url().endsWith("/v1/sessions/current"),
      );
      await page.getByRole("button", { name: "Sign out" }).click();
      await isSignInShown();
      expect((await ended).status()).to.equal(204);
      expect(await statusOf(apiKey)).to.equal(401);
    });

    it("may only look where the person wants no more", async () => {
      const { page, question } = await withWallet(admin.owner, `names/alice.${DOMAIN}`);
      await page.getByLabel("Only look").check();
      await signIn();
      await open.ready();
      await page.getByRole("button", { name: "Suspend …" }).click();
      await page.getByLabel("Reason").fill("spam");
      await page.getByRole("button", { name: "Suspend", exact: true }).click();
      await question.getByText("domain:admin").waitFor();
    });

    it("says that the person declined, that another wallet owns the domain, or that nobody knows it", async () => {
      const { page } = await withWallet(admin.owner);
      const problemOf = async (field: string) => {
        await signIn();
        await page.locator(`#${field}-problem:not(:empty)`).waitFor();
        return problem(field);
      };
      isWilling = false;
      expect(await problemOf("wallet")).to.equal(
        "You declined in the wallet, so nothing was signed.",
      );
      isWilling = true;
      await page.getByLabel("Domain", { exact: true }).fill("elsewhere.example.com");
      expect(await problemOf("domain-name")).to.include("elsewhere.example.com");
      await open.close();
      await withWallet(new Wallet(Wallet.createRandom().privateKey));
      await signIn();
      await open.page.locator("#wallet-problem:not(:empty)").waitFor();
      expect(await problem("wallet")).to.include("not the owner");
    });

    it("says in the words of the domain's view who switches it on, where it is off", async () => {
      const { domain } = MANY;
      const owner = admin.owner.address;
      for (const named of [null, owner]) {
        await admin.world.service.domains.changeDomain(domain, {
          owner: named === null ? null : parseAddress(named),
        });
        const { page } = await withWallet(admin.owner);
        await page.getByLabel("Domain", { exact: true }).fill(domain);
        await signIn();
        await page.locator("#wallet-problem:not(:empty)").waitFor();
        const sentence = whyNoSignIn({ domain, owner: named, ownerSignsIn: false });
        expect(await problem("wallet")).to.equal(sentence);
        await page.getByLabel("API key", { exact: true }).fill(MANY.apiKey);
        await page.getByRole("button", { name: "Sign in", exact: true }).click();
        expect(await open.text()).to.include(sentence);
        if (named === null) await open.close();
      }
    });

    it("says what to do where there is no wallet", async () => {
      open = await openAdminPage(chromium.context, admin.url);
      await open.page.getByLabel("Domain", { exact: true }).fill(DOMAIN);
      await signIn();
      expect(await problem("wallet")).to.include("This browser shows no wallet to this page");
    });
  });

  it("comes back to the same view after a key was revoked while it was open", async () => {
    const { apiKey, id } = await admin.newKey("for an hour", ["names:read", "domain:admin"]);
    open = await openAdminPage(chromium.context, `${admin.url}#/domain`);
    const { page, heading } = open;
    await open.signIn(apiKey);
    await admin.world.service.domains.revokeApiKey(DOMAIN, id);
    await page.getByRole("link", { name: "Nodes and networks" }).click();
    await isSignInShown();
    expect(await page.locator("#sign-in-notice").innerText()).to.match(/does not count any more/);
    expect(await page.locator("#parts").innerText()).to.equal("");
    await open.signIn(admin.world.apiKey);
    expect(await heading.innerText()).to.equal("Nodes and networks");
    expect(page.url()).to.match(/#\/nodes$/);
  });

  it("closes a question when the key was revoked while it was asked", async () => {
    const { apiKey, id } = await admin.newKey("for an hour", ["names:read", "domain:admin"]);
    open = await openAdminPage(chromium.context, `${admin.url}#/names/alice.${DOMAIN}`);
    const { page, question } = open;
    await open.signIn(apiKey);
    await page.getByRole("button", { name: "Suspend …" }).click();
    await admin.world.service.domains.revokeApiKey(DOMAIN, id);
    await page.getByLabel("Reason").fill("spam");
    await page.getByRole("button", { name: "Suspend", exact: true }).click();
    await isSignInShown();
    expect(await question.count()).to.equal(0);
  });

  it("signs out after 15 minutes without a touch, also in a tab that is opened again", async () => {
    open = await openAdminPage(chromium.context, `${admin.url}#/domain`, {
      before: async (page) => page.clock.install(),
    });
    const { page } = open;
    await page.getByLabel("Stay signed in").check();
    await open.signIn(admin.world.apiKey);
    await page.clock.fastForward("14:00");
    await page.keyboard.press("Shift");
    await page.clock.fastForward("14:00");
    expect(await page.locator("#view").isVisible()).to.equal(true);
    await page.clock.fastForward("01:01");
    await isSignInShown();
    expect(await page.locator("#sign-in-notice").innerText()).to.include("15 minutes");
    expect((await traces()).tab).to.equal("[]");
    await open.signIn(admin.world.apiKey);
    await page.evaluate(() => {
      const [key = ""] = Object.keys(sessionStorage);
      const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}") as { touchedMs: number };
      kept.touchedMs -= 15 * 60_000;
      sessionStorage.setItem(key, JSON.stringify(kept));
    });
    await page.reload();
    await isSignInShown();
    expect(await page.locator("#sign-in-notice").innerText()).to.include("15 minutes");
    expect((await traces()).tab).to.equal("[]");
  });
});
