import { expect } from "chai";
import { namehash } from "../../../src/ens/namehash.js";
import { SignpostError } from "../../../src/errors.js";
import type { Change } from "../../../src/registry/changes/change.js";
import { prepare, prepareAll } from "../../../src/registry/changes/prepareChange.js";
import type { Action } from "../../../src/registry/names/action.js";
import type { Authority } from "../../../src/registry/names/authority.js";
import { bytes } from "../../db/sampleNames.js";
import { DOMAIN, openRegistry, OTHER_DOMAIN, type TestRegistry } from "../openRegistry.js";

const ALICE = bytes(20, 0xa1);
const publish: Action = {
  kind: "publishProfile",
  ...{ address: ALICE, record: "p", fingerprint: bytes(32, 1) },
};

describe("registry/prepareChange", () => {
  let registry: TestRegistry;
  before(async () => {
    registry = await openRegistry();
  });
  after(() => registry.close());

  const change = (label: string, changes: Partial<Change> = {}): Change => ({
    ...{ domain: DOMAIN, name: `${label}.${DOMAIN}`, actions: [{ kind: "create" }] },
    authority: { kind: "admin" },
    ...changes,
  });
  const noPause = () => Promise.resolve();
  /** By itself, and among others. */
  async function bothWays(one: Change) {
    const alone = await prepare(registry.stores, one);
    const [, among] = await prepareAll(registry.stores, [change("first"), one], noPause);
    expect(among).to.deep.equal(alone);
    return alone;
  }

  it("asks under the lock for the profile that is offered, and for the names of a wallet", async () => {
    const node = namehash(`x.${DOMAIN}`);
    const dm3: Authority = { kind: "dm3", address: ALICE };
    const service: Authority = { kind: "service", keyId: "1" };
    const claimant = { wallet: ALICE, domain: DOMAIN };
    const { fingerprint } = publish;
    const claim: Action = { kind: "claim", owner: ALICE };
    const cases: [actions: Action[], Authority, target: object][] = [
      [[{ kind: "create" }], service, { node }],
      [[claim, publish], service, { node, fingerprint }],
      [[claim], dm3, { node, claimant }],
      [[claim, publish], dm3, { node, fingerprint, claimant }],
    ];
    for (const [actions, authority, target] of cases) {
      const { target: found } = await bothWays(change("x", { actions, authority }));
      const place = { name: `x.${DOMAIN}`, domain: DOMAIN };
      expect(found).to.deep.equal({ ...target, place });
    }
  });

  it("says of each of many what refuses it, and prepares the others", async () => {
    const many = [
      change("one"),
      change("two", { name: `two.${OTHER_DOMAIN}` }),
      change("three", { name: `Three.${DOMAIN}` }),
      change("zero", { name: `\u0000.${DOMAIN}` }),
      change("kept"),
    ];
    const found = await prepareAll(registry.stores, many, noPause);
    expect(
      found.map((one) => (one instanceof SignpostError ? one.code : one.change)),
    ).to.deep.equal([many[0], "FORBIDDEN", "INVALID_NAME", "INVALID_NAME", many[4]]);
  });
});
