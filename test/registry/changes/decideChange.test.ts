/** What is written of a name under its lock. No database is needed for that. */
import { expect } from "chai";
import { normalizeName } from "../../../src/ens/normalize.js";
import { type ChangeSituation, decideChange } from "../../../src/registry/changes/decideChange.js";
import { appendEntry, type HistoryEnd } from "../../../src/registry/history/historyChain.js";
import type { KnownName } from "../../../src/registry/history/lockedName.js";
import type { Action } from "../../../src/registry/names/action.js";
import type { Authority } from "../../../src/registry/names/authority.js";
import { nameState } from "../../../src/registry/names/nameState.js";
import { NEVER_SIGNED } from "../../../src/registry/names/signatureState.js";
import type { StoredName } from "../../../src/registry/names/storedName.js";
import { NO_TWINS } from "../../../src/registry/names/twins.js";
import { contentHash } from "../../../src/signing/nameRequest.js";
import { bytes, DOMAIN, sampleName } from "../../db/sampleNames.js";
import { expectError } from "../../expectError.js";
import { FIRST_POLICY } from "../firstPolicy.js";

const NOW_MS = 1_700_000_000_000;
const stored = sampleName("alice", { held: false });
const { name, node } = stored;
/** The owner of the sample names. */
const OWNER = bytes(20, 0xab);
const FINGERPRINT = bytes(32, 0x0f);

const situation: ChangeSituation = {
  ...{ node, name: normalizeName(name), nowMs: NOW_MS },
  domain: {
    name: DOMAIN,
    owner: null,
    policy: { ...FIRST_POLICY, claims: "wallets" },
    ownerSignsIn: false,
    frozen: null,
  },
};
const service: Authority = { kind: "service", keyId: "1" };
const owner = (sequence: number): Authority => ({
  kind: "owner",
  address: OWNER,
  signedFor: { chainId: 1n, resolver: bytes(20, 1) },
  request: {
    ...{ action: "setRecords", domain: DOMAIN, name, contentHash: contentHash({}) },
    ...{ sequence, deadline: NOW_MS / 1000 },
  },
  signature: "0x",
  content: "{}",
});

/** Where a history ends that leads to this name. */
const endAt = (after: StoredName | null): HistoryEnd =>
  appendEntry(null, {
    ...{ name, atMs: 1, authority: { kind: "admin" }, action: "create", before: null },
    after: after && nameState(after),
  }).end;
const known = (row: StoredName | null, changes: Partial<KnownName> = {}): KnownName => ({
  stored: row && { ...row, version: 1n, sequence: 0 },
  signatureState: NEVER_SIGNED,
  end: endAt(row),
  ...{
    isRetired: false,
    claimantNames: 0,
    domain: situation.domain,
    reservation: null,
    twins: NO_TWINS,
  },
  ...changes,
});
const publish = (fill: number): Action => ({
  kind: "publishProfile",
  address: OWNER,
  record: "p",
  fingerprint: bytes(32, fill),
});
const text = (value: string): Action => ({
  kind: "setRecords",
  records: { texts: new Map([["url", value]]) },
});

describe("registry/decideChange", () => {
  const decide = (given: KnownName, actions: Action[], authority: Authority = service) =>
    decideChange(given, situation, actions, authority);

  it("writes nothing of what changes nothing, but an owner's signature, which is used up", () => {
    const same = decide(known(stored), [{ kind: "create" }, publish(0x0f)]);
    expect(same).to.deep.include({ isChanged: false, change: null });
    const held = { ...stored, held: true };
    const none: Action = { kind: "setRecords", records: {} };
    const { isChanged, change } = decide(known(held), [none], owner(1));
    expect(isChanged).to.equal(false);
    expect(change?.signatureState.sequence).to.equal(1);
    expect(change?.entries.map(({ entry }) => entry.operation)).to.deep.equal(["setRecords"]);
    const replayed = () =>
      decide(known(held, { signatureState: change!.signatureState }), [none], owner(1));
    expectError(replayed, "WRONG_SEQUENCE", /used before/);
  });

  it("retires each profile that is not there any more, and none that stays", () => {
    const cases: [actions: Action[], retired: Uint8Array[]][] = [
      [[text("a")], []],
      [[publish(2)], [FINGERPRINT]],
      [
        [publish(2), publish(3)],
        [FINGERPRINT, bytes(32, 2)],
      ],
      [[{ kind: "deleteProfile" }], [FINGERPRINT]],
      [[{ kind: "delete" }], [FINGERPRINT]],
    ];
    for (const [actions, retired] of cases) {
      expect(decide(known(stored), actions).change?.retired).to.deep.equal(retired);
    }
  });

  it("tells once what was found, where the row is not as the history left it", () => {
    const operations = (given: KnownName) => {
      const { change } = decide(given, [text("a"), text("b")]);
      const { entries, end } = change!;
      expect(entries.map(({ entry }) => entry.number)).to.deep.equal(
        entries.map((_, index) => (given.end?.number ?? 0) + 1 + index),
      );
      expect(end!.hash).to.deep.equal(entries.at(-1)!.hash);
      return entries.map(({ entry }) => entry.operation);
    };
    const written = ["setRecords", "setRecords"];
    expect(operations(known(stored))).to.deep.equal(written);
    expect(operations(known(null, { end: null }))).to.deep.equal(written);
    const altered = { ...stored, texts: new Map([["url", "behind our back"]]) };
    for (const end of [endAt(altered), endAt(null), null]) {
      expect(operations(known(stored, { end }))).to.deep.equal(["found", ...written]);
    }
    const gone = decide(known(null, { end: endAt(stored) }), [text("a")]).change!.entries;
    expect(gone.map(({ entry }) => [entry.operation, entry.change])[0]).to.deep.equal([
      "found",
      { to: null },
    ]);
  });

  it("knows of a name that is gone that it was there", () => {
    const claim: Action = { kind: "claim", owner: OWNER };
    const dm3: Authority = { kind: "dm3", address: OWNER };
    expect(decide(known(null, { end: null }), [claim], dm3).after?.name).to.equal(name);
    const again = () => decide(known(null, { end: endAt(null) }), [claim], dm3);
    expectError(again, "SUPERSEDED_PROFILE", /existed before/);
  });

  it("does all of the actions, one after the other, or none", () => {
    const { after, isChanged } = decide(known(stored), [text("a"), { kind: "delete" }, text("b")]);
    expect(after?.texts).to.deep.equal(new Map([["url", "b"]]));
    expect(isChanged).to.equal(true);
    const refused = () => decide(known(stored), [text("a"), { kind: "claim", owner: OWNER }]);
    expectError(refused, "FORBIDDEN", /not allowed for a service/);
  });
});
