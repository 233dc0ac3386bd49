/** What of a link and of the form is asked, kept and passed on. */
import { expect } from "chai";
import {
  defaultSettings,
  foreignChoices,
  isLoopback,
  keepOwn,
  linkFor,
  ownAfter,
  readLink,
  readOwn,
  rpcProblem,
  type Settings,
  withChosen,
  writeLink,
} from "../../../src/web/lookup-page/settings.js";

const OWN: Settings = {
  via: "wallet",
  rpc: "https://mine.example/key",
  wallet: "com.wallet",
  ensRegistry: "",
  universalResolver: "",
  allowLoopback: false,
};
const THEIRS = "https://theirs.example/?key=a&b=c#d";

/** What a browser's storage does, as far as it is used. */
function storageOf(kept: Map<string, string>): Storage {
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
  } as Storage;
}

describe("web/lookup-page/settings", () => {
  it("reads from a link what was written into it", () => {
    const link = {
      name: "älice & bob.eth",
      chosen: { rpc: THEIRS, ensRegistry: "0x1", universalResolver: "none" },
    };
    expect(readLink(writeLink(link))).to.deep.equal(link);
    expect(readLink("#name=+alice.eth+&rpc=+&via=wallet&allowLoopback=true")).to.deep.equal({
      name: "alice.eth",
      chosen: {},
    });
    expect(readLink("")).to.deep.equal({ name: "", chosen: {} });
  });

  it("puts an RPC URL into a link only when that is wanted", () => {
    const settings: Settings = { ...OWN, via: "rpc", universalResolver: "none" };
    expect(writeLink(linkFor("a.eth", settings, false))).to.equal(
      "#name=a.eth&universalResolver=none",
    );
    expect(readLink(writeLink(linkFor("a.eth", settings, true))).chosen.rpc).to.equal(OWN.rpc);
    // the wallet was asked, so nobody's URL is a part of the question
    expect(linkFor("a.eth", OWN, true).chosen.rpc).to.equal(undefined);
  });

  it("knows whom a link chose, until the form says otherwise", () => {
    const link = readLink(
      writeLink({ name: "a.eth", chosen: { rpc: THEIRS, ensRegistry: "0x1" } }),
    );
    const inForm = withChosen(OWN, link);
    expect(inForm).to.deep.equal({ ...OWN, via: "rpc", rpc: THEIRS, ensRegistry: "0x1" });
    expect(foreignChoices(link, OWN, inForm)).to.deep.equal(["rpc", "ensRegistry"]);
    expect(foreignChoices(link, OWN, { ...inForm, rpc: OWN.rpc })).to.deep.equal(["ensRegistry"]);
    expect(foreignChoices(link, { ...OWN, rpc: THEIRS, ensRegistry: "0x1" }, inForm)).to.deep.equal(
      [],
    );
  });

  it("keeps what the person chose, and nothing that a link did", () => {
    const link = readLink(
      writeLink({ name: "a.eth", chosen: { rpc: THEIRS, ensRegistry: "0x1" } }),
    );
    const inForm = withChosen(OWN, link);
    expect(ownAfter(inForm, OWN, link)).to.deep.equal(OWN);
    const edited: Settings = { ...inForm, rpc: "https://new.example", universalResolver: "none" };
    expect(ownAfter(edited, OWN, link)).to.deep.equal({
      ...OWN,
      via: "rpc",
      rpc: "https://new.example",
      universalResolver: "none",
    });
    expect(ownAfter({ ...OWN, rpc: "" }, OWN, readLink("")).rpc).to.equal("");
  });

  it("reads again what it kept, and the defaults from everything else", () => {
    const kept = new Map<string, string>();
    keepOwn(storageOf(kept), OWN);
    const defaults = defaultSettings({ hostname: "127.0.0.1" } as Location);
    expect(defaults.allowLoopback).to.equal(true);
    expect(defaultSettings({ hostname: "a.example" } as Location).allowLoopback).to.equal(false);
    expect(readOwn(storageOf(kept), defaults)).to.deep.equal(OWN);
    const [key = ""] = kept.keys();
    for (const text of [
      "",
      "{",
      "null",
      "[]",
      '"text"',
      '{"rpc":{},"via":7,"allowLoopback":"no"}',
    ]) {
      expect(readOwn(storageOf(new Map([[key, text]])), defaults), text).to.deep.equal(defaults);
    }
    expect(readOwn(null, defaults)).to.deep.equal(defaults);
  });

  it("asks only at URLs of the web", () => {
    const problem = (rpc: string) => rpcProblem({ ...OWN, via: "rpc", rpc });
    expect(problem("https://a.example/key")).to.equal(null);
    expect(problem("http://127.0.0.1:8545")).to.equal(null);
    expect(problem("")).to.match(/^Give the URL of an RPC node/);
    for (const rpc of ["a.example", "javascript:alert(1)", "data:,x", "wss://a.example"]) {
      expect(problem(rpc), rpc).to.match(/^This is not the URL of an RPC node/);
    }
    expect(rpcProblem({ ...OWN, rpc: "" })).to.equal(null);
  });

  it("knows this computer by its names", () => {
    for (const host of ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]"]) {
      expect(isLoopback(host), host).to.equal(true);
    }
    for (const host of ["localhost.example", "10.0.0.1", "127.0.0.1.example", "[::2]"]) {
      expect(isLoopback(host), host).to.equal(false);
    }
  });
});
