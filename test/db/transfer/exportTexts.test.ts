/** The quick way by which an export is written gives what reading and writing each value gives. */
import { expect } from "chai";
import fc from "fast-check";
import { withExportSnapshot } from "../../../src/db/transfer/exportSnapshot.js";
import { lineOfEntry, lineOfName, textOf } from "../../../src/transfer/form/writeLine.js";
import { fillDomain, under } from "../../capabilities/registry/transfer/filledDomain.js";
import { setRecords } from "../../registry/changes/serviceWrites.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../../registry/openRegistry.js";

describe("db/transfer/exportTexts", () => {
  let registry: TestRegistry;

  before(async () => {
    registry = await openRegistry();
    await fillDomain(registry);
  });
  after(() => registry.close());

  const bothWays = (after: string | null = null) =>
    withExportSnapshot(registry.pool, DOMAIN, async (snapshot) => {
      const read: string[] = [];
      for await (const item of snapshot.items(after, true)) {
        read.push(textOf(item.kind === "name" ? lineOfName(item.facts) : lineOfEntry(item.sealed)));
      }
      const quick: string[] = [];
      for await (const lines of snapshot.texts(after)) {
        quick.push(...lines.map(({ text }) => text));
      }
      return { read, quick };
    });

  it("writes the same lines of every kind of name", async () => {
    const { read, quick } = await bothWays();
    expect(quick).to.deep.equal(read);
    expect(quick.length).to.be.above(20);
  });

  it("writes the same lines behind a name", async () => {
    const { read, quick } = await bothWays(under("gone"));
    expect(quick).to.deep.equal(read);
    expect(quick.length).to.be.below((await bothWays()).quick.length);
  });

  it("writes the same lines of any records", async () => {
    const storable = fc
      .string({ unit: "binary", maxLength: 40 })
      .filter((text) => !text.includes("\0") && text.isWellFormed());
    const key = storable.filter(
      (text) => text !== "" && text !== "__proto__" && !text.startsWith("network.dm3."),
    );
    const bytes = fc
      .uint8Array({ minLength: 1, maxLength: 40 })
      .map((some) => `0x${Buffer.from(some).toString("hex")}`);
    const records = fc.record({
      texts: fc.dictionary(key, storable, { maxKeys: 5, noNullPrototype: true }),
      data: fc.dictionary(key, bytes, { maxKeys: 3, noNullPrototype: true }),
      pubkey: fc.constantFrom(null, {
        x: "0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        y: "0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
      }),
      name: fc.constantFrom(null, "größe.example.eth"),
    });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(records, async (given) => {
        const name = under(`any-${number++ % 5}`);
        await setRecords(registry.stores, { domain: DOMAIN, name, records: given });
      }),
      { numRuns: 60 },
    );
    const { read, quick } = await bothWays();
    expect(quick).to.deep.equal(read);
  });
});
