/** What a tab keeps of who is signed in, and for how long it counts. */
import { expect } from "chai";
import {
  forget,
  keep,
  LONGEST_IDLE_MS,
  readKept,
  type SignedIn,
} from "../../../src/web/admin-page/signedIn.js";

const SIGNED_IN: SignedIn = {
  apiKey: "signpost_key",
  domain: "users.example.eth",
  session: { wallet: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", expiresAtMs: 1_800_003_600_000 },
};
const NOW_MS = 1_800_000_000_000;

/** As a browser's storage, for one key at a time. */
function storage(): Storage & { texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    get length() {
      return texts.size;
    },
    clear: () => {
      texts.clear();
    },
    key: (index) => [...texts.keys()][index] ?? null,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => texts.set(key, text),
    removeItem: (key) => texts.delete(key),
  };
}

describe("web/admin-page/signedIn", () => {
  it("is kept for this tab until it was not touched for so long", () => {
    const tab = storage();
    keep(tab, SIGNED_IN, NOW_MS);
    const after = (ms: number) => readKept(tab, NOW_MS + ms);
    expect(after(0)).to.deep.equal({ signedIn: SIGNED_IN, isOver: false });
    expect(after(LONGEST_IDLE_MS - 1)?.isOver).to.equal(false);
    expect(after(LONGEST_IDLE_MS)?.isOver).to.equal(true);
    // a clock that was set back says nothing of how long nobody was there
    expect(after(-1)?.isOver).to.equal(true);
  });

  it("is forgotten as a whole", () => {
    const tab = storage();
    keep(tab, { ...SIGNED_IN, session: null }, NOW_MS);
    expect(readKept(tab, NOW_MS)?.signedIn.session).to.equal(null);
    forget(tab);
    expect(tab.texts.size).to.equal(0);
    expect(readKept(tab, NOW_MS)).to.equal(null);
  });

  it("is nobody in a browser that keeps nothing", () => {
    keep(null, SIGNED_IN, NOW_MS);
    forget(null);
    expect(readKept(null, NOW_MS)).to.equal(null);
  });

  it("is nobody for what this page did not write", () => {
    const { apiKey, domain } = SIGNED_IN;
    const touchedMs = NOW_MS;
    const others = [
      { signedIn: { apiKey, session: null }, touchedMs },
      { signedIn: { domain, session: null }, touchedMs },
      { signedIn: { apiKey, domain }, touchedMs },
      { signedIn: { apiKey, domain, session: {} }, touchedMs },
      ...[null, 7, [], {}],
    ];
    for (const text of ["", "{", ...others.map((one) => JSON.stringify(one))]) {
      const tab = storage();
      keep(tab, SIGNED_IN, NOW_MS);
      const [key = ""] = tab.texts.keys();
      tab.texts.set(key, text);
      expect(readKept(tab, NOW_MS), text).to.equal(null);
    }
    const tab = storage();
    keep(tab, SIGNED_IN, Number.NaN);
    expect(readKept(tab, NOW_MS)?.isOver).to.equal(true);
  });
});
