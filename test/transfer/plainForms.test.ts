/** What the quick answers say yes to, the schemas take: with any one field of a line changed, left out or added. */
import { expect } from "chai";
import { LINE_SCHEMAS } from "../../src/transfer/form/exportLine.js";
import { isPlainLine } from "../../src/transfer/form/plainLine.js";
import { isPlainState } from "../../src/transfer/verify/plainState.js";
import { stateForm } from "../../src/transfer/verify/stateForm.js";

const DIGEST = `0x${"ab".repeat(32)}`;
const state = {
  name: "ada.users.example.eth",
  domain: "users.example.eth",
  addresses: { "60": `0x${"11".repeat(20)}`, "0": "0x76a9" },
  texts: { avatar: "a" },
  contenthash: "0xe301",
  nameRecord: "ada.users.example.eth",
  pubkey: null,
  abis: {},
  data: {},
  interfaces: {},
  profileFingerprint: DIGEST,
  held: false,
  suspension: null,
};
const nameLine = {
  kind: "name",
  name: state.name,
  end: { number: 1, hash: DIGEST },
  marks: { sequence: 0, writesAfterSec: 0, ownerChain: null, givenUpBy: [], isGift: false },
  retired: [],
  served: null,
  servedBefore: [],
  state,
};
const entryLine = {
  kind: "entry",
  entry: { authority: { kind: "service", keyId: "1" }, operation: "create" },
  hash: DIGEST,
};

const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 2 ** 60, "", "0x", "0xAB", "0xab", "01", "x", "name", "entry"],
  ...[DIGEST, `${DIGEST}ab`, [], [1], {}, { to: 1 }, { "60": "0x11" }, { "060": "0x11" }],
  ...[{ number: 0, hash: DIGEST }, { number: 1, hash: "0x" }, "a".repeat(2_000)],
];

/** The value with one change anywhere in it. */
function* changed(value: unknown): Generator {
  yield* VALUES;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const whole = value as Record<string, unknown>;
  for (const added of ["extra", "__proto__", "toString", "1e3", "60"]) {
    for (const one of [null, "0x11", 1, {}]) {
      const members = [[added, one], ...Object.entries(whole).filter(([key]) => key !== added)];
      // as a parser would make it, also of the key __proto__
      yield JSON.parse(
        `{${members.map(([key, member]) => `${JSON.stringify(key)}:${JSON.stringify(member)}`).join(",")}}`,
      );
    }
  }
  for (const [key, inner] of Object.entries(whole)) {
    yield Object.fromEntries(Object.entries(whole).filter(([one]) => one !== key));
    for (const other of changed(inner)) yield { ...whole, [key]: other };
  }
}

describe("transfer: quick answers about forms", () => {
  it("say yes to what most names have", () => {
    expect(isPlainLine(nameLine)).to.equal(true);
    expect(isPlainLine(entryLine)).to.equal(true);
    expect(isPlainState(state)).to.equal(true);
    expect(isPlainState({ ...state, addresses: {}, contenthash: null })).to.equal(true);
  });

  it("say yes to no line that its schema refuses", () => {
    let [yes, all] = [0, 0];
    for (const line of [nameLine, entryLine]) {
      for (const other of changed(line)) {
        all++;
        if (!isPlainLine(other)) continue;
        yes++;
        expect(LINE_SCHEMAS[other.kind].safeParse(other).success, JSON.stringify(other)).to.equal(
          true,
        );
      }
    }
    expect(yes).to.be.above(20);
    expect(all - yes).to.be.above(500);
  });

  it("say yes to no state that its schema refuses", () => {
    let [yes, all] = [0, 0];
    for (const other of changed(state)) {
      all++;
      if (!isPlainState(other)) continue;
      yes++;
      expect(stateForm.safeParse(other).success, JSON.stringify(other)).to.equal(true);
    }
    expect(yes).to.be.above(20);
    expect(all - yes).to.be.above(200);
  });
});
