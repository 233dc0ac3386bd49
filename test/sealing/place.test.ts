import { expect } from "chai";
import fc from "fast-check";
import { toHex } from "../../src/abi/hex.js";
import { bytesOfPlace, type KeyColumn, type KeyPart, type Place } from "../../src/sealing/place.js";
import { expectError } from "../expectError.js";
import { PASSWORD, PLACE } from "./sampleColumn.js";

const keyPart: fc.Arbitrary<readonly [KeyColumn["type"], KeyPart]> = fc.oneof(
  fc.tuple(fc.constant("text" as const), fc.string()),
  fc.tuple(fc.constant("bigint" as const), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  fc.tuple(fc.constant("bytea" as const), fc.uint8Array()),
  fc.tuple(fc.constant("uuid" as const), fc.uuid()),
);

const place: fc.Arbitrary<Place> = fc
  .record({
    capability: fc.string({ maxLength: 3 }),
    table: fc.string({ maxLength: 3 }),
    column: fc.string({ maxLength: 3 }),
    key: fc.array(keyPart, { minLength: 1, maxLength: 3 }),
  })
  .map(({ key, ...names }) => ({
    column: {
      ...names,
      primaryKey: key.map(([type], index) => ({ column: `k${index}`, type })),
      dataKeyColumn: "k",
    },
    row: key.map(([, value]) => value),
  }));

/** What tells two places apart. */
function namesOf({ column, row }: Place): string {
  const { capability, table, column: name, primaryKey } = column;
  const values = row.map((value) => (value instanceof Uint8Array ? toHex(value) : String(value)));
  return JSON.stringify([capability, table, name, primaryKey.map(({ type }) => type), values]);
}

describe("sealing/place", () => {
  it("has different bytes for different places", () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        const isSame = namesOf(one) === namesOf(other);
        expect(toHex(bytesOfPlace(one)) === toHex(bytesOfPlace(other))).to.equal(isSame);
      }),
    );
    // where one ends and the next begins counts, and so does the type
    const shifted = { ...PASSWORD, table: "accoun", column: "tpassword" };
    const ofText = [{ column: "id", type: "text" as const }];
    const ofNumber = [{ column: "id", type: "bigint" as const }];
    const bytes = [
      PLACE,
      { ...PLACE, column: shifted },
      { column: { ...PASSWORD, primaryKey: ofText }, row: ["7"] },
      { column: { ...PASSWORD, primaryKey: ofNumber }, row: [7n] },
    ].map((each) => toHex(bytesOfPlace(each)));
    expect(new Set(bytes).size).to.equal(4);
  });

  it("is the same for a UUID in either case, and whatever the columns of the key are called", () => {
    const uuid = "9A1B6C0e-1111-4222-8333-444455556666";
    const [upper, lower] = [uuid.toUpperCase(), uuid.toLowerCase()].map((id) =>
      bytesOfPlace({
        column: { ...PASSWORD, primaryKey: [{ column: id, type: "uuid" }], dataKeyColumn: id },
        row: [id],
      }),
    );
    expect(upper).to.deep.equal(lower);
  });

  it("refuses a row that is not named by its primary key", () => {
    const rows: KeyPart[][] = [
      [],
      ["example.org"],
      ["example.org", "7"],
      [7n, "example.org"],
      [new Uint8Array(1), 7n],
      ["example.org", 7n, 8n],
    ];
    for (const row of rows) {
      expectError(
        () => bytesOfPlace({ column: PASSWORD, row }),
        "INTERNAL",
        /mail\.account .*\(domain text, id bigint\)/,
      );
    }
    const byUuid = { ...PASSWORD, primaryKey: [{ column: "id", type: "uuid" as const }] };
    expectError(() => bytesOfPlace({ column: byUuid, row: ["7"] }), "INTERNAL", /\(id uuid\)/);
  });
});
