/** Many changes, each by itself: how many are locked at once, and what an outage in between leaves. */
import { expect } from "chai";
import { namehash } from "../../../src/ens/namehash.js";
import { SignpostError } from "../../../src/errors.js";
import type { Change } from "../../../src/registry/changes/change.js";
import { changeEach, changeTogether } from "../../../src/registry/changes/changeName.js";
import type { RegistryStores } from "../../../src/registry/store.js";
import { expectRejection } from "../../expectError.js";
import { DOMAIN, openRegistry, OTHER_DOMAIN, type TestRegistry } from "../openRegistry.js";

describe("registry/changeEach", () => {
  let registry: TestRegistry;
  let count = 0;
  let pauses: number;
  before(async () => (registry = await openRegistry()));
  after(() => registry.close());
  beforeEach(() => (pauses = 0));

  const changes = (length: number): Change[] =>
    Array.from({ length }, () => ({
      domain: DOMAIN,
      name: `each-${count++}.${DOMAIN}`,
      actions: [{ kind: "create" }],
      authority: { kind: "service", keyId: "1" },
    }));
  const pause = () => {
    pauses++;
    return Promise.resolve();
  };
  /** The registry, telling how many names each of its transactions changes. */
  const counted = (onWrite: (size: number) => void): RegistryStores => ({
    ...registry.stores,
    names: {
      ...registry.stores.names,
      changeNames: (targets, decide) => {
        onWrite(targets.length);
        return registry.stores.names.changeNames(targets, decide);
      },
    },
  });
  const isThere = async ({ name }: Change) => (await registry.stored(name)) !== null;

  for (const [length, expected] of [
    [1, [1]],
    [100, [100]],
    [101, [100, 1]],
    [201, [100, 100, 1]],
  ] as const) {
    it(`locks 100 names at once: of ${length}, ${expected.join(", ")}`, async () => {
      const sizes: number[] = [];
      const some = changes(length);
      const outcomes = await changeEach(
        counted((size) => sizes.push(size)),
        some,
        Date.now,
        pause,
      );
      expect(sizes).to.deep.equal(expected);
      expect(
        outcomes.map((one) => !(one instanceof SignpostError) && one.after?.name),
      ).to.deep.equal(some.map(({ name }) => name));
      // once for every hundred names
      expect(pauses).to.equal(expected.length);
    });
  }

  it("says of each what came of it, in their order, whatever is refused in between", async () => {
    const [one, known, forbidden, refused, last] = changes(5) as [
      Change,
      Change,
      Change,
      Change,
      Change,
    ];
    const some: Change[] = [
      one,
      { ...known, expected: { kind: "present" } },
      { ...forbidden, name: OTHER_DOMAIN },
      { ...refused, actions: [{ kind: "create" }, { kind: "deleteProfile" }] },
      last,
    ];
    const outcomes = await changeEach(registry.stores, some, Date.now, pause);
    expect(
      outcomes.map((each) => (each instanceof SignpostError ? each.code : each.after?.name)),
    ).to.deep.equal([one.name, "VERSION_CONFLICT", "FORBIDDEN", "NOT_FOUND", last.name]);
    for (const [index, change] of some.entries()) {
      const outcome = outcomes[index]!;
      const stored = await registry.stores.names.nameOf(namehash(change.name));
      if (outcome instanceof SignpostError) expect(stored).to.equal(null);
      else expect(outcome.version).to.equal(stored!.version);
    }
  });

  it("all together or none: says which was refused, and why, and writes nothing", async () => {
    for (const wrong of [
      { name: OTHER_DOMAIN },
      { actions: [{ kind: "deleteProfile" } as const] },
    ]) {
      const [first, second] = changes(2) as [Change, Change];
      const error = await expectRejection(
        changeTogether(registry.stores, [first, { ...second, ...wrong }], Date.now, pause),
        ["FORBIDDEN", "NOT_FOUND"],
        /^Nothing was changed, because item 1 was refused: The name /,
      );
      expect(error.details).to.include({ item: 1, name: wrong.name ?? second.name });
      expect(await isThere(first)).to.equal(false);
    }
  });

  it("keeps what was written before an outage, and throws", async () => {
    const some = changes(201);
    let writes = 0;
    const failing = counted(() => {
      if (++writes === 2) throw new SignpostError("DATABASE_UNAVAILABLE", "The database is gone.");
    });
    await expectRejection(
      changeEach(failing, some, Date.now, pause),
      "DATABASE_UNAVAILABLE",
      /is gone/,
    );
    expect(writes).to.equal(2);
    const there = await Promise.all([0, 99, 100, 200].map((index) => isThere(some[index]!)));
    expect(there).to.deep.equal([true, true, false, false]);
  });

  it("writes all together in one transaction, however many, and pauses as often", async () => {
    const sizes: number[] = [];
    const stores = counted((size) => sizes.push(size));
    await changeTogether(stores, changes(201), Date.now, pause);
    expect(sizes).to.deep.equal([201]);
    expect(pauses).to.equal(3);
  });
});
