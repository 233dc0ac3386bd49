/** Entries of histories in words, and that none of a newer service is hidden. */
import { expect } from "chai";
import type { HistoryItem } from "../../../src/sdk/index.js";
import { changesOf, reasonIn, whatOf, whoOf } from "../../../src/web/admin-page/historyWords.js";

type Entry = HistoryItem["entry"];

const OWNER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const entry = (different: Partial<Entry>): Entry => ({
  ...{ form: 1, name: "alice.users.example.eth", number: 2, previous: "0x", atMs: 0 },
  ...{ authority: { kind: "service", keyId: "3" }, operation: "setRecords", change: { patch: {} } },
  ...{ before: "0x", after: "0x" },
  ...different,
});

describe("web/admin-page/historyWords", () => {
  it("says who it was", () => {
    const who = (authority: Entry["authority"]) => whoOf(entry({ authority }));
    expect(who({ kind: "service", keyId: "3" })).to.deep.equal({
      text: "API key 3",
      address: null,
    });
    expect(who({ kind: "owner", address: OWNER })).to.deep.equal({
      ...{ text: "its owner", address: OWNER },
    });
    expect(who({ kind: "admin" }).text).to.equal("the operator");
    expect(who({ kind: "writer", address: OWNER }).address).to.equal(OWNER);
    expect(who({ kind: "dm3", address: OWNER }).text).to.equal("a dm3 client");
    expect(who({ kind: "database" }).text).to.include("nobody");
  });

  it("says what it was, and a kind that is newer than the page in its own word", () => {
    expect(whatOf(entry({ operation: "unsuspend" }))).to.equal("served again");
    expect(whatOf(entry({ operation: "somethingNew" }))).to.equal("somethingNew");
  });

  it("says what became different", () => {
    const patch = {
      texts: { avatar: "https://a.example", url: null },
      addresses: { "0": "0x", "60": "0x" },
      contenthash: null,
      nameRecord: "alice.eth",
      profileFingerprint: "0x",
    };
    expect(changesOf(entry({ change: { patch } }))).to.deep.equal([
      "text avatar",
      "text url taken away",
      "address of coin 0",
      "wallet",
      "content hash taken away",
      "name record",
    ]);
  });

  it("says of a beginning what there is, and of an end nothing", () => {
    const to = {
      ...{ name: "alice.users.example.eth", domain: "users.example.eth", addresses: {} },
      ...{ texts: { avatar: "x" }, contenthash: null, nameRecord: null, pubkey: null, held: false },
    };
    expect(changesOf(entry({ change: { to } }))).to.deep.equal(["text avatar"]);
    expect(changesOf(entry({ change: { to: null } }))).to.deep.equal([]);
  });

  it("gives the reason of a suspension, and of nothing else", () => {
    const change = { patch: { suspension: { by: "service", reason: "spam", atMs: 1 } } };
    expect(reasonIn(entry({ operation: "suspend", change }))).to.equal("spam");
    expect(reasonIn(entry({ operation: "setRecords", change }))).to.equal(null);
    expect(reasonIn(entry({ operation: "suspend", change: {} }))).to.equal(null);
  });
});
