/** Many changes, each by itself: how many are locked at once, and what an outage in between leaves. */
import { expect } from "chai";
import { SignpostError } from "../../../src/errors.js";
import type { Change } from "../../../src/registry/changes/change.js";
import { changeEach, changeTogether } from "../../../src/registry/changes/changeName.js";
import type { RegistryStores } from "../../../src/registry/store.js";
import { expectRejection } from "../../expectError.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../openRegistry.js";

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
      // once for every hundred names, in each of two rounds
      expect(pauses).to.equal(2 * expected.length);
    });
  }

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
    expect(pauses).to.equal(6);
  });
});
