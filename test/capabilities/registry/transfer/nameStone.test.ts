/** Names of NameStone, in the form that its `get-names` gave them out (data/docs/get-names.mdx of namestonehq/namestone). */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { toHex } from "../../../../src/abi/hex.js";
import { importRows } from "../../../../src/capabilities/registry/transfer/importTable.js";
import { nameStoneRows } from "../../../../src/capabilities/registry/transfer/nameStoneRows.js";
import { expectRejection } from "../../../expectError.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../../../registry/openRegistry.js";

const under = (label: string) => `${label}.${DOMAIN}`;

const ADA = {
  name: "ada",
  address: "0x57632Ba9A844af0AB7d5cdf98b0056c8d87e3A85",
  domain: DOMAIN,
  created_at: "2024-04-01T12:00:00.000Z",
  contenthash: "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
  text_records: { avatar: "https://images.example/ada/public", "com.twitter": "ada", location: "" },
  coin_types: {
    "0": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    "60": "0x57632Ba9A844af0AB7d5cdf98b0056c8d87e3A85",
    "2147483785": "0x534631bcf33bdb069fb20a93d2fdb9e4d4dd42cf",
  },
};

describe("capabilities/registry/transfer: names of NameStone", () => {
  let registry: TestRegistry;
  let folder: string;

  beforeEach(async () => {
    registry = await openRegistry();
    folder = await mkdtemp(join(tmpdir(), "signpost-namestone-"));
  });
  afterEach(async () => {
    await registry.close();
    await rm(folder, { recursive: true });
  });

  async function imported(text: string, dryRun = false) {
    const file = join(folder, "names.json");
    await writeFile(file, text);
    return importRows(await nameStoneRows(file, DOMAIN), {
      ...{ registry: registry.stores, domain: DOMAIN, replace: false, dryRun },
      onRows: () => undefined,
    });
  }

  it("come in with texts, addresses and content hash; what does not is listed", async () => {
    const bare = { name: "ben", address: null, domain: DOMAIN, contenthash: null };
    const { counts, remarks, unusedColumns } = await imported(JSON.stringify([ADA, bare]));
    expect(remarks).to.deep.equal([]);
    expect(counts).to.deep.equal({ created: 2 });
    expect(unusedColumns).to.have.members(["address", "created_at"]);
    const ada = (await registry.stored(under("ada")))!;
    expect(Object.fromEntries(ada.texts)).to.deep.equal({
      avatar: "https://images.example/ada/public",
      "com.twitter": "ada",
    });
    expect(toHex(ada.contenthash!)).to.match(/^0xe30101701220[0-9a-f]{64}$/);
    expect([...ada.addresses].map(([coin, bytes]) => [coin, toHex(bytes)])).to.have.deep.members([
      [0n, "0x76a9147680adec8eabcabac676be9e83854ade0bd22cdb88ac"],
      [2147483785n, ADA.coin_types["2147483785"]],
    ]);
    expect(await registry.stored(under("ben"))).not.to.equal(null);
  });

  it("are told where they cannot come in, and the others do", async () => {
    const { counts, remarks } = await imported(
      JSON.stringify([
        { ...ADA, domain: "other.eth" },
        { ...ADA, name: "Not Normal" },
        { ...ADA, name: "coin", coin_types: { "0": "nothing" } },
        { ...ADA, name: "page", contenthash: "https://page.example" },
        { ...ADA, text_records: [] },
        7,
        ADA,
        { ...ADA, text_records: {} },
      ]),
    );
    expect(counts).to.deep.equal({ refused: 6, created: 1, collision: 1 });
    const reasons = new Map(remarks.map(({ line, reason }) => [line, reason]));
    expect(reasons.get(1)).to.match(/name of other\.eth.*--domain other\.eth/);
    expect(reasons.get(2)).to.match(/normal form/);
    expect(reasons.get(3)).to.match(/address of coin type 0 cannot be read/);
    expect(reasons.get(4)).to.match(/no link ipfs:/);
    expect(reasons.get(5)).to.match(/text_records/);
    expect(reasons.get(8)).to.match(/line 7 is/);
  });

  it("change nothing where only asked what would happen, nor where the file is another", async () => {
    expect((await imported(JSON.stringify([ADA]), true)).counts).to.deep.equal({ created: 1 });
    expect(await registry.stored(under("ada"))).to.equal(null);
    for (const text of ["{}", "[", "name,avatar\n", '{"kind":"signpost-export"}']) {
      await expectRejection(
        imported(text),
        "INVALID_REQUEST",
        /no answer of NameStone's get-names/,
      );
    }
    // nested deeply, it is a list of something that is no name
    const deep = await imported(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
    expect(deep.counts).to.deep.equal({ refused: 1 });
  });
});
