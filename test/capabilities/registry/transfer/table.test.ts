/** Tables of users: what spreadsheets and databases write, collisions, and a way out and back. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { importTable } from "../../../../src/capabilities/registry/transfer/importTable.js";
import { writeCsv } from "../../../../src/capabilities/registry/transfer/writeCsv.js";
import { withExportSnapshot } from "../../../../src/db/transfer/exportSnapshot.js";
import { expectRejection } from "../../../expectError.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../../../registry/openRegistry.js";

const under = (label: string) => `${label}.${DOMAIN}`;

describe("capabilities/registry/transfer: tables", () => {
  let registry: TestRegistry;
  let folder: string;

  beforeEach(async () => {
    registry = await openRegistry();
    folder = await mkdtemp(join(tmpdir(), "signpost-table-"));
  });
  afterEach(async () => {
    await registry.close();
    await rm(folder, { recursive: true });
  });

  async function imported(
    table: string | Uint8Array,
    options: Partial<Parameters<typeof importTable>[1]> = {},
  ) {
    const file = join(folder, "users.csv");
    await writeFile(file, table);
    return importTable(file, {
      registry: registry.stores,
      domain: DOMAIN,
      given: { label: null, texts: new Map([["avatar", "avatar"]]), addresses: new Map() },
      replace: false,
      dryRun: false,
      onRows: () => undefined,
      ...options,
    });
  }

  const avatarOf = async (label: string) =>
    (await registry.stored(under(label)))?.texts.get("avatar");

  it("are read with byte order mark, semicolons, quotes, empty fields and any end of line", async () => {
    const rows = [
      "\ufeffid;username;avatar;note",
      ';Ada;"https://a.example/1;x";"say ""hi""\nthere"',
      "2;Ben;;",
      "",
    ];
    for (const end of ["\r\n", "\n"]) {
      const { counts, remarks, unusedColumns } = await imported(rows.join(end));
      expect(remarks.filter(({ outcome }) => outcome === "refused")).to.deep.equal([]);
      expect(Object.values(counts)).to.deep.equal([2]);
      expect(unusedColumns).to.deep.equal(["id", "note"]);
    }
    expect(await avatarOf("ada")).to.equal("https://a.example/1;x");
    expect(await registry.stored(under("ben"))).not.to.equal(null);
    expect(await avatarOf("ben")).to.equal(undefined);
  });

  it("tell collisions with both rows, and overwrite nobody", async () => {
    const { counts, remarks } = await imported(
      "username,avatar\nAda,first\nBen,b\nADA,second\nA.D.A,x\n",
    );
    expect(counts).to.deep.equal({ created: 3, collision: 1 });
    expect(remarks).to.deep.equal([
      {
        line: 4,
        outcome: "collision",
        name: under("ada"),
        reason: `line 2 is ${under("ada")} as well. That one has the name; choose another one for this row`,
      },
    ]);
    expect(await avatarOf("ada")).to.equal("first");
  });

  it("leave names that are there as they are, unless they are to be replaced", async () => {
    await imported("username,avatar\nAda,first\n");
    const { counts, remarks } = await imported("username,avatar\nada,second\n");
    expect(counts).to.deep.equal({ kept: 1 });
    expect(remarks[0]).to.include({ line: 2, outcome: "kept" });
    expect(await avatarOf("ada")).to.equal("first");
    const replaced = await imported("username,avatar\nada,second\n", { replace: true });
    expect(replaced.counts).to.deep.equal({ changed: 1 });
    expect(await avatarOf("ada")).to.equal("second");
  });

  it("replace what the table has a column for, and keep the rest", async () => {
    const texts = new Map(["avatar", "url", "email"].map((key) => [key, key]));
    const addresses = new Map([["0", "bitcoin"]]);
    const bitcoin = "0x76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac";
    await imported(`username,avatar,url,email,bitcoin\nAda,a,u,e,${bitcoin}\n`, {
      given: { label: null, texts, addresses },
    });
    const { counts } = await imported("username,avatar,url\nada,b,\n", {
      replace: true,
      given: { label: null, texts: new Map([...texts].slice(0, 2)), addresses: new Map() },
    });
    expect(counts).to.deep.equal({ changed: 1 });
    const ada = await registry.stored(under("ada"));
    expect(Object.fromEntries(ada!.texts)).to.deep.equal({ avatar: "b", email: "e" });
    expect(ada!.addresses.size).to.equal(1);
  });

  it("give the name to the next row where the first one is refused", async () => {
    const long = "x".repeat(5_000);
    const { counts, remarks } = await imported(`username,avatar\nAda,${long}\nADA,b\nada,c\n`);
    expect(counts).to.deep.equal({ refused: 1, created: 1, collision: 1 });
    expect(remarks.map(({ line, outcome }) => `${line} ${outcome}`)).to.deep.equal([
      "2 refused",
      "4 collision",
    ]);
    expect(await avatarOf("ada")).to.equal("b");
  });

  it("go on behind rows that are refused, which are told", async () => {
    const long = "x".repeat(5_000);
    const { counts, remarks } = await imported(
      `username,avatar\n@@,a\nben,b\nleo,${long}\nzoe,z\n`,
    );
    expect(counts).to.deep.equal({ created: 2, refused: 2 });
    expect(remarks.map(({ line }) => line).sort()).to.deep.equal([2, 4]);
  });

  it("say what would happen, and write nothing", async () => {
    await imported("username,avatar\nAda,first\n");
    const { counts } = await imported("username,avatar\nAda,second\nBen,b\nben,c\n", {
      dryRun: true,
    });
    expect(counts).to.deep.equal({ kept: 1, created: 1, collision: 1 });
    expect(await registry.stored(under("ben"))).to.equal(null);
  });

  it("that are none are refused in a sentence", async () => {
    const none = {
      given: {
        label: null,
        texts: new Map<string, string>(),
        addresses: new Map<string, string>(),
      },
    };
    await expectRejection(
      imported("username,avatar\nAda\n"),
      "INVALID_REQUEST",
      /not a table with the same columns/,
    );
    await expectRejection(imported('username,avatar\n"Ada,x\n'), "INVALID_REQUEST", /not a table/);
    await expectRejection(imported("a,b\n1,2\n"), "INVALID_REQUEST", /no column label, username/);
    await expectRejection(imported("username\nAda\n"), "INVALID_REQUEST", /no column "avatar"/);
    await expectRejection(
      imported("username,username\na,b\n", none),
      "INVALID_REQUEST",
      /two columns/,
    );
    await expectRejection(
      imported(`username\n${"x".repeat(3_000_000)}\n`, none),
      "INVALID_REQUEST",
      /not a table/,
    );
  });

  it("come back from our own export, without formulas for a spreadsheet", async () => {
    const evil = '=HYPERLINK("http://evil.example","x")';
    await imported(
      `username,avatar\nAda,"${evil.replaceAll('"', '""')}"\nBen,'quoted\nCleo,plain\n`,
    );
    expect(await avatarOf("ada")).to.equal(evil);
    const file = join(folder, "out.csv");
    await withExportSnapshot(registry.pool, DOMAIN, (snapshot) => writeCsv(snapshot, file));
    const table = await readFile(file, "utf8");
    expect(table).to.include("name,text.avatar\r\n");
    for (const field of table.split(/[,\r\n]/)) expect(field).not.to.match(/^"?[=+@-]/);
    const other = await openRegistry();
    await importTable(file, {
      registry: other.stores,
      domain: DOMAIN,
      given: { label: null, texts: new Map(), addresses: new Map() },
      ...{ replace: false, dryRun: false, onRows: () => undefined },
    });
    expect((await other.stored(under("ada")))?.texts.get("avatar")).to.equal(evil);
    expect((await other.stored(under("ben")))?.texts.get("avatar")).to.equal("'quoted");
    await other.close();
  });
});
