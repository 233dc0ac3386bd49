/** Pages of messages by cursor: they go on as long as the cursor does, whatever is in them, and end where it comes back. */
import { expect } from "chai";
import type { Account } from "../../src/storage-client/connection.js";
import { messagePages } from "../../src/storage-client/pages.js";
import type { StorageApi } from "../../src/storage-client/storageApi.js";

const ROW = { id: null, sealedContainer: "garbage", createdMs: 1, isHalted: false };

describe("pages of messages by cursor", () => {
  /** How many are read of a storage that says this of each, by its number. */
  async function readOf(cursorBehind: (page: number) => string | null): Promise<number> {
    let asked = 0;
    const messages = () => {
      asked++;
      return Promise.resolve({ rows: [ROW], next: cursorBehind(asked) });
    };
    const account: Pick<Account, "at"> = {
      at: (work) => work({ messages } as unknown as StorageApi, "token"),
    };
    let read = 0;
    for await (const rows of messagePages(account as Account, "sealed", () => false)) {
      read += rows.length;
    }
    return read;
  }

  it("go on where nothing in them is new or can be read", async () => {
    expect(await readOf((page) => (page === 40 ? null : String(page)))).to.equal(40);
  });

  it("end where the cursor comes back, at once or after others", async () => {
    expect(await readOf(() => "same")).to.equal(2);
    expect(await readOf((page) => String(page % 3))).to.equal(4);
  });
});
