import { expect } from "chai";
import { batchChecksum } from "../../src/admin/safeBatch.js";

const TOKEN = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";

describe("admin/safeBatch", () => {
  /** A batch that version 1.18.2 of the transaction builder wrote, with its checksum. */
  const written = {
    version: "1.0",
    chainId: "1",
    createdAt: 1761326849944,
    meta: {
      name: "Transactions Batch",
      description: "",
      txBuilderVersion: "1.18.2",
      createdFromSafeAddress: "0xA77DE01e157f9f57C7c4A326eeE9C4874D0598b6",
      createdFromOwnerAddress: "",
    },
    transactions: [
      {
        to: TOKEN,
        value: "0",
        data: null,
        contractMethod: {
          inputs: [
            { internalType: "address", name: "spender", type: "address" },
            { internalType: "uint256", name: "value", type: "uint256" },
          ],
          name: "approve",
          payable: false,
        },
        contractInputsValues: {
          spender: "0x474e5Ded6b5D078163BFB8F6dBa355C3aA5478C8",
          value: "100000000000",
        },
      },
    ],
  };
  const CHECKSUM = "0x8b5032f716845c8b08bab3d63dbd9ba92e056f3557793cd041e59b84e16aa989";

  it("computes the checksum that the transaction builder wrote", () => {
    expect(batchChecksum(written)).to.equal(CHECKSUM);
  });

  it("lets a batch be renamed and its keys be reordered, and nothing else", () => {
    const renamed = { ...written, meta: { ...written.meta, name: "Other" } };
    const reordered = Object.fromEntries(Object.entries(written).reverse()) as typeof written;
    expect(batchChecksum(renamed)).to.equal(CHECKSUM);
    expect(batchChecksum(reordered)).to.equal(CHECKSUM);
    const [transaction] = written.transactions;
    for (const changed of [
      { ...written, createdAt: written.createdAt + 1 },
      { ...written, meta: { ...written.meta, description: "x" } },
      { ...written, transactions: [{ ...transaction, value: "1" }] },
      { ...written, transactions: [{ ...transaction, data: "0x" }] },
      { ...written, transactions: [] },
    ]) {
      expect(batchChecksum(changed)).not.to.equal(CHECKSUM);
    }
  });
});
