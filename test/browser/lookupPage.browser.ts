/** The lookup page in a real Chromium, against the demo's world: what a person sees, and what the page never does. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { type DemoWorld, lookupPageUrl } from "../../src/demo/demoWorld.js";
import { type FoundProfile, resolveProfile } from "../../src/sdk/node.js";
import { startTestWorld } from "../e2e/testWorld.js";
import { deadUrl } from "../lookup/loopbackServer.js";
import {
  type BentGateway,
  dead,
  DORA,
  openBentGateway,
  refusing,
  silent,
  STRANGE_URL,
} from "./bentGateway.js";
import { type Chromium, PUBLIC_HOST, startChromium } from "./chromium.js";
import { textsOfLowContrast } from "./contrast.js";
import { type OpenPage, openPage, SCREENSHOTS } from "./lookupPage.js";
import { LOOKUP_PAGE, serveFiles } from "./serveFiles.js";
import { type AnnouncedWallet, putWallets } from "./wallets.js";

const MARKUP = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;

describe("the lookup page in a browser", () => {
  let world: DemoWorld;
  let gateway: BentGateway;
  let chromium: Chromium;
  let open: OpenPage;
  /** Directives that a test makes the page violate. */
  let expectedViolations: string[];

  before(async () => {
    chromium = await startChromium();
    world = await startTestWorld();
    gateway = await openBentGateway(world);
    await mkdir(SCREENSHOTS, { recursive: true });
  });
  after(async () => {
    await chromium.close();
    await gateway.server.close();
    await world.stop();
  });
  beforeEach(() => {
    expectedViolations = [];
    gateway.server.handler = gateway.honest;
  });
  afterEach(async () => {
    const violations = [...(await open.policyViolations())];
    await open.page.evaluate(() => {
      localStorage.clear();
    });
    await open.close();
    expect(violations).to.deep.equal(expectedViolations);
    expect(open.errors).to.deep.equal([]);
  });

  const alice = () => world.people[0]!;
  const go = async (url: string, before?: (page: Page) => Promise<void>) => {
    open = await openPage(chromium.context, url, before === undefined ? {} : { before });
    return open;
  };
  const ask = (name: string) => go(lookupPageUrl(world, name));
  const linkWithRpc = (name: string, rpc: string) => {
    const [page = "", hash] = lookupPageUrl(world, name).split("#");
    const link = new URLSearchParams(hash);
    link.set("rpc", rpc);
    return `${page}#${link.toString()}`;
  };
  const resolved = async (name: string) =>
    (await resolveProfile(name, {
      rpc: world.chain.rpcUrl,
      ensRegistry: world.ens.registry,
      universalResolver: world.ens.universalResolver,
      allowLoopback: true,
    })) as FoundProfile;

  describe("shows what the SDK found", () => {
    it("a profile with wallet, keys, relay nodes, every check, and who was asked", async () => {
      const { outcome, result, requests, announcement } = await ask(alice().name);
      const text = await outcome();
      const found = await resolved(alice().name);
      expect(text).to.match(/^✓\s+Found and verified/);
      for (const { check, detail } of found.checks) {
        expect(text).to.include(check);
        expect(text).to.include(detail);
      }
      const { publicEncryptionKey, publicSigningKey } = found.profile;
      for (const shown of [found.address, publicEncryptionKey, publicSigningKey, found.resolver]) {
        expect(text).to.include(shown);
      }
      expect(text).to.include("ENS’s UniversalResolver (ENSv1 and ENSv2)");
      expect(text).to.match(/The RPC node http:\/\/127\.0\.0\.1:\d+, on a local chain \(31337\)/);
      expect(text).to.match(
        /Gateway\s+http:\/\/127\.0\.0\.1:\d+\s+asked \d+ times, answered within \d+ ms/,
      );
      expect(found.relayNodes).to.have.length(2);
      for (const node of found.relayNodes) {
        if (node.status !== "found") throw new Error(node.sentence);
        const link = result.getByRole("link", { name: node.profile.url });
        expect(await link.getAttribute("href")).to.equal(node.profile.url);
        expect(await link.getAttribute("rel")).to.equal("noopener noreferrer");
      }
      expect(await announcement.innerText()).to.equal(`Found and verified. ${found.sentence}`);
      const time = await result.locator("time").getAttribute("datetime");
      expect(Date.parse(time ?? "")).to.be.above(Date.now());
      // nobody else is told of it
      const origins = new Set(requests.map((request) => new URL(request.split(" ")[1]!).origin));
      expect([...origins].sort()).to.deep.equal([world.service.url, world.chain.rpcUrl].sort());
    });

    it("that a name has no profile", async () => {
      const { outcome } = await ask("nobody.users.example.eth");
      const text = await outcome();
      expect(text).to.match(/^–\s+No profile/);
      expect(text).to.include("its owner has published no DM3 profile");
      expect(text).to.match(/Asked for it\s+ENS’s UniversalResolver/);
    });

    it("that a name has no resolver", async () => {
      expect(await (await ask("nothing.example.test")).outcome()).to.match(
        /No profile[^]+has no resolver in ENS/,
      );
    });

    it("an answer that somebody tampered with, and nothing of what it says", async () => {
      gateway.server.handler = gateway.tampered;
      const text = await (await ask(DORA)).outcome();
      expect(text).to.match(/^✕\s+Do not trust this/);
      expect(text).to.match(/refuses the answer of http:\/\/127\.0\.0\.1/);
      expect(text).to.match(
        /Check that failed\s+The gateway's answer is signed by a key that the resolver trusts\.\s+gateway-signature/,
      );
      expect(text).not.to.match(/Encryption key|Signing key/);
    });

    describe("through the wallets of the browser, without an RPC URL", () => {
      const FOX = { name: "Fox Wallet", rdns: "example.fox", icon: "data:image/svg+xml,<svg/>" };
      const STRANGE = {
        name: `${MARKUP.slice(0, 30)}\u202e`,
        rdns: "example.strange",
        icon: "https://icons.example/strange.svg",
        onlyWhenAsked: true,
      };

      const goWith = async (wallets: readonly AnnouncedWallet[]) => {
        const { rpcUrl } = world.chain;
        const opened = await go(`${world.service.url}/lookup`, (tab) =>
          putWallets(tab, rpcUrl, wallets),
        );
        const { page } = opened;
        await page.getByLabel("this browser’s wallet").check();
        await page.getByText("Advanced", { exact: true }).click();
        await page.getByLabel("UniversalResolver").fill(world.ens.universalResolver);
        await page.getByLabel("ENS registry").fill(world.ens.registry);
        await page.getByLabel("ENS name").fill(alice().name);
        return opened;
      };
      const lookUp = () => open.page.getByRole("button", { name: "Look up" }).click();
      const asked = () => open.page.evaluate(() => Object.keys(window.walletsAsked));

      it("by window.ethereum, where none announces itself", async () => {
        const { outcome, page } = await goWith([]);
        expect(await page.getByRole("radiogroup", { name: "Wallet" }).isVisible()).to.equal(false);
        await lookUp();
        expect(await outcome()).to.match(
          /Found and verified[^]+This browser’s wallet, on a local chain/,
        );
        expect(await asked()).to.deep.equal(["window.ethereum"]);
      });

      it("by the only one that announces itself", async () => {
        const { outcome, page } = await goWith([FOX]);
        expect(await page.getByLabel("Fox Wallet").isChecked()).to.equal(true);
        await lookUp();
        expect(await outcome()).to.match(/Found and verified[^]+The wallet Fox Wallet, on a local/);
        expect(await asked()).to.deep.equal(["example.fox"]);
      });

      it("by the one that the person chooses of several, today and the next time", async () => {
        const { announcement, page, requests } = await goWith([FOX, STRANGE]);
        const strange = page.getByRole("radio", { name: STRANGE.rdns });
        const choices = page.getByRole("radiogroup", { name: "Wallet" });
        expect(await choices.getByRole("radio", { checked: true }).count()).to.equal(0);
        await lookUp();
        expect(await page.locator("#wallet-problem").innerText()).to.equal(
          "Choose one of these wallets.",
        );
        expect(await announcement.innerText()).to.equal("Choose one of these wallets.");
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          for (const width of [1000, 320]) {
            await page.setViewportSize({ width, height: 740 });
            const file = `wallets-${width}-${colorScheme}.png`;
            await page.screenshot({ path: join(SCREENSHOTS, file), fullPage: true });
            expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.equal(width);
            expect(await page.evaluate(textsOfLowContrast), file).to.deep.equal([]);
          }
        }
        expect(await asked()).to.deep.equal([]);
        await strange.check();
        await lookUp();
        await page.getByText("Found and verified").first().waitFor();
        expect(await asked()).to.deep.equal([STRANGE.rdns]);
        // its name is text, and its icon nobody's business
        expect(await choices.innerText()).to.include(MARKUP.slice(0, 30));
        expect(await choices.innerText()).not.to.include("\u202e");
        expect(await page.locator("img, svg").count()).to.equal(0);
        expect(requests.filter((request) => request.includes("icons.example"))).to.deep.equal([]);
        await page.reload();
        await page.getByText("Found and verified").first().waitFor();
        expect(await strange.isChecked()).to.equal(true);
        expect(await asked()).to.deep.equal([STRANGE.rdns]);
      });

      it("by one that announces itself late", async () => {
        const { page, outcome } = await goWith([]);
        await page.evaluate(() => {
          const { ethereum } = window as unknown as { ethereum: { request: () => unknown } };
          const provider = { request: ethereum.request };
          const detail = { info: { name: "Late Wallet", rdns: "" }, provider };
          window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
        });
        expect(await page.getByLabel("Late Wallet").isChecked()).to.equal(true);
        await lookUp();
        expect(await outcome()).to.include("The wallet Late Wallet, on a local chain");
      });
    });
  });

  it("says that there is no wallet, and asks nobody then", async () => {
    const { page, outcome, requests } = await go(`${world.service.url}/lookup`);
    await page.getByLabel("ENS name").fill(alice().name);
    await page.getByLabel("this browser’s wallet").check();
    await page.getByRole("button", { name: "Look up" }).click();
    expect(await outcome()).to.match(/^This browser shows no wallet to this page/);
    expect(requests.filter((request) => request.startsWith("POST"))).to.deep.equal([]);
  });

  describe("says why it could not find out", () => {
    it("when nothing answers at the RPC node", async () => {
      const rpc = await deadUrl();
      const text = await (await go(linkWithRpc(alice().name, rpc))).outcome();
      expect(text).to.match(/^\?\s+Could not find out/);
      expect(text).to.include(`Nothing answered at ${rpc}: it is down`);
    });

    it("when its own policy stops the request", async () => {
      const rpc = "http://192.0.2.1:8545";
      const { page, outcome, policyViolations, requests } = await go(
        linkWithRpc(alice().name, rpc),
      );
      await page.getByText("The link that you opened chose the RPC node").waitFor();
      expect(requests.filter((request) => request.includes(rpc))).to.deep.equal([]);
      await page.getByRole("button", { name: "Look up" }).click();
      expect(await outcome()).to.match(
        /This page may not ask http:\/\/192\.0\.2\.1:8545: its security policy allows https: URLs and this computer only/,
      );
      expectedViolations = [...(await policyViolations())];
      expect([...new Set(expectedViolations)]).to.deep.equal([`connect-src ${rpc}/`]);
    });

    it("when the browser keeps a page from elsewhere from this computer", async () => {
      const alone = await serveFiles(LOOKUP_PAGE);
      const rpc = await deadUrl();
      try {
        const url = new URL(`${alone.url}/#${linkWithRpc(alice().name, rpc).split("#")[1] ?? ""}`);
        url.hostname = PUBLIC_HOST;
        const { page, outcome } = await go(url.href);
        await page.getByRole("button", { name: "Look up" }).click();
        expect(await outcome()).to.include(
          `${rpc} is on this computer, and this browser has not allowed`,
        );
      } finally {
        await alone.close();
      }
    });

    it("when the gateway is down", async () => {
      gateway.server.handler = dead;
      const text = await (await ask(DORA)).outcome();
      expect(text).to.match(
        /Could not find out[^]+The answer of the CCIP gateway could not be read now/,
      );
      expect(text).to.include(`Nothing answered at ${gateway.server.url}`);
      expect(text).to.match(/Gateway\s+http:\S+\s+asked \d+ times, in vain \(no answer\)/);
    });

    it("when the gateway lets no page read its answers", async () => {
      gateway.server.handler = gateway.withoutCors;
      const text = await (await ask(DORA)).outcome();
      expect(text).to.include(
        `${gateway.server.url} is there, but does not let web pages read its answers (CORS)`,
      );
    });
  });

  describe("takes what strangers write as text", () => {
    const isUnharmed = async ({ page }: OpenPage) => {
      expect(await page.title()).to.equal("Look up a DM3 profile");
      expect(await page.locator("img, iframe, object, embed, svg, style").count()).to.equal(0);
      expect(await page.locator("script").count()).to.equal(1);
      expect(await page.locator("b").count()).to.equal(0);
    };

    it("in a gateway's words", async () => {
      gateway.server.handler = refusing(MARKUP);
      const open = await ask(DORA);
      expect(await open.outcome()).to.include(`it answered HTTP 400: ${MARKUP}`);
      await isUnharmed(open);
    });

    it("in a link", async () => {
      const open = await go(
        `${world.service.url}/lookup#name=${encodeURIComponent(MARKUP)}&rpc=${world.chain.rpcUrl}`,
      );
      const name = open.page.getByLabel("ENS name");
      await open.page.locator("#name[aria-invalid]").waitFor();
      expect(await name.inputValue()).to.equal(MARKUP);
      expect(await open.page.locator("#name-problem").innerText()).not.to.equal("");
      expect(await open.announcement.innerText()).to.equal(
        await open.page.locator("#name-problem").innerText(),
      );
      await isUnharmed(open);
    });

    it("in a relay node's URL", async () => {
      const open = await ask(DORA);
      expect(await open.outcome()).to.include(STRANGE_URL);
      await isUnharmed(open);
    });
  });

  it("is used by the keyboard alone, with the focus to be seen", async () => {
    const { page, result, outcome } = await go(`${world.service.url}/lookup`);
    const { keyboard } = page;
    const focused = () =>
      page.evaluate(() => {
        const { id, tagName, textContent } = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement!);
        if (outlineStyle !== "solid" || parseFloat(outlineWidth) < 2)
          throw new Error(`#${id} shows no focus`);
        return id === "" ? `${tagName} ${textContent}` : id;
      });
    const tabTo = async (wanted: string) => {
      for (let steps = 0; steps < 20; steps++) {
        if ((await focused()) === wanted) return;
        await keyboard.press("Tab");
      }
      throw new Error(`Tab does not lead to ${wanted}`);
    };
    expect(await focused()).to.equal("name");
    await keyboard.press("Enter");
    expect(await page.locator("#name-problem").innerText()).to.match(/^Type a name/);
    await keyboard.type(alice().name);
    await keyboard.press("Enter");
    expect(await focused()).to.equal("rpc");
    expect(await page.locator("#rpc-problem").innerText()).to.match(/^Give the URL of an RPC node/);
    await keyboard.type(world.chain.rpcUrl);
    await tabTo("SUMMARY Advanced");
    await keyboard.press("Enter");
    await tabTo("universal-resolver");
    await keyboard.type(world.ens.universalResolver);
    await tabTo("ens-registry");
    await keyboard.type(world.ens.registry);
    await keyboard.press("Enter");
    expect(await outcome()).to.include("Found and verified");
    expect(await focused()).to.equal("ens-registry");
    await tabTo("SUMMARY Keys");
    await keyboard.press("Space");
    expect(await result.locator(".nodes details").first().getAttribute("open")).to.equal("");
  });

  it("says what it does while it looks, and is cancelled", async () => {
    gateway.server.handler = silent;
    const { page, result, announcement } = await ask(DORA);
    await page.getByText(`Asking ${gateway.server.url} …`).waitFor();
    expect(await announcement.innerText()).to.equal("Looking it up.");
    await page.keyboard.press("Escape");
    expect(await announcement.innerText()).to.equal("Cancelled.");
    await page.locator("#progress").waitFor({ state: "hidden" });
    expect(await result.isVisible()).to.equal(false);
    // the next one is not disturbed by the one before
    gateway.server.handler = gateway.honest;
    await page.getByRole("button", { name: "Look up" }).click();
    expect(await open.outcome()).to.include("Found and verified");
    gateway.server.handler = silent;
    await page.getByRole("button", { name: "Look up" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await announcement.innerText()).to.equal("Cancelled.");
  });

  it("keeps one's own RPC URL in the browser, and puts it into a link only when asked to", async () => {
    const { page, outcome } = await go(`${world.service.url}/lookup`);
    const rpc = `${world.chain.rpcUrl}/?key=secret`;
    await page.getByLabel("URL of the RPC node").fill(rpc);
    await page.getByText("Advanced", { exact: true }).click();
    await page.getByLabel("UniversalResolver").fill(world.ens.universalResolver);
    await page.getByLabel("ENS registry").fill(world.ens.registry);
    await page.getByLabel("ENS name").fill(alice().name);
    await page.keyboard.press("Enter");
    expect(await outcome()).to.include("Found and verified");
    expect(page.url()).to.include(`#name=${alice().name}`);
    expect(page.url()).not.to.include("secret");
    expect(await open.result.innerText()).not.to.include("secret");
    await chromium.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const copiedLink = async () => {
      await page.getByRole("button", { name: "Copy link" }).click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    expect(await copiedLink()).to.equal(page.url());
    await page.getByLabel("with the RPC URL").check();
    await page.getByRole("button", { name: "Copied" }).waitFor({ state: "hidden" });
    expect(new URLSearchParams(new URL(await copiedLink()).hash.slice(1)).get("rpc")).to.equal(rpc);
    await page.goto("about:blank");
    await page.goto(`${world.service.url}/lookup#name=${DORA}`);
    expect(await open.outcome()).to.match(/Found and verified\s+dora/);
    const toOthers = open.requests.filter((request) => !request.includes(world.chain.rpcUrl));
    expect(toOthers.join("\n")).not.to.include("secret");
  });

  it("stands alone below any path, and asks whom a link chose only when the person wants it, too", async () => {
    const alone = await serveFiles(LOOKUP_PAGE, "/some/folder/");
    try {
      const [, hash = ""] = lookupPageUrl(world, alice().name).split("#");
      const url = new URL(`/some/folder/#${hash}`, alone.url);
      url.hostname = PUBLIC_HOST;
      const { page, outcome, requests } = await go(url.href);
      const notice = page.getByText("The link that you opened chose the RPC node");
      await notice.waitFor();
      expect(await notice.innerText()).to.include(world.chain.rpcUrl);
      expect(requests.filter((request) => request.startsWith("POST"))).to.deep.equal([]);
      await page.keyboard.press("Enter");
      // from a public host, names lead to this computer only where the person lets them
      expect(await outcome()).to.match(
        /Could not find out[^]+127\.0\.0\.1 is not a public address/,
      );
      await page.getByText("Advanced", { exact: true }).click();
      await page.getByLabel("Let names lead to gateways on this computer").check();
      await page.getByRole("button", { name: "Look up" }).click();
      await page.getByText("Found and verified").first().waitFor();
      await page.getByRole("button", { name: "Use my own settings" }).click();
      expect(await page.getByLabel("URL of the RPC node").inputValue()).to.equal("");
      const kept = await page.evaluate(() => JSON.stringify(localStorage));
      expect(kept).not.to.include(world.chain.rpcUrl);
    } finally {
      await alone.close();
    }
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`is legible in ${colorScheme} mode and on a phone`, async () => {
      gateway.server.handler = gateway.tampered;
      const { page } = await ask(alice().name);
      await page.emulateMedia({ colorScheme });
      await open.outcome();
      for (const name of [alice().name, DORA, "nobody.users.example.eth"]) {
        await page.getByLabel("ENS name").fill(name);
        await page.keyboard.press("Enter");
        await page.locator(".verdict .name", { hasText: name }).waitFor();
        for (const summary of await page.locator("summary").all()) await summary.click();
        for (const [device, width] of [
          ["desk", 1000],
          ["phone", 360],
          ["small", 320],
        ] as const) {
          await page.setViewportSize({ width, height: 740 });
          const file = `${name.split(".")[0] ?? name}-${device}-${colorScheme}.png`;
          await page.screenshot({ path: join(SCREENSHOTS, file), fullPage: true });
          expect(await page.evaluate(() => document.documentElement.scrollWidth), file).to.equal(
            width,
          );
          expect(await page.evaluate(textsOfLowContrast), file).to.deep.equal([]);
        }
        for (const summary of await page.locator("#advanced > summary").all())
          await summary.click();
      }
    });
  }

  it("moves nothing for those who want no motion", async () => {
    gateway.server.handler = silent;
    const { page } = await ask(DORA);
    const animation = () =>
      page.evaluate(
        () => getComputedStyle(document.querySelector(".bar")!, "::before").animationName,
      );
    await page.locator(".bar").waitFor();
    await page.emulateMedia({ reducedMotion: "no-preference" });
    expect(await animation()).to.equal("looking");
    await page.emulateMedia({ reducedMotion: "reduce" });
    expect(await animation()).to.equal("none");
  });
});
