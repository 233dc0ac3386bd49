/** What comes of one request, where the storage refuses something on the way to it. */
import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import type { Account } from "../../src/storage-client/connection.js";
import { createHaltedMessages } from "../../src/storage-client/haltedMessages.js";
import { createPutting } from "../../src/storage-client/putting.js";
import type { StorageApi } from "../../src/storage-client/storageApi.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf } from "../dm3/message/sampleEnvelopes.js";

describe("what is put into a storage", () => {
  for (const status of [400, 403]) {
    it(`is refused for now, for its conversation alone, where the list of halted messages is (${status})`, async () => {
      const refusal = new SignpostError("RELAY_NODE_REFUSED", "It refused. Look why.", {
        ...{ relayNode: "storage.test", status },
      });
      const api: Partial<StorageApi> = { halted: () => Promise.reject(refusal) };
      const account: Account = {
        ...{ name: "alice.eth", seal: null as never },
        at: (work) => work(api as StorageApi, "token"),
      };
      const keys = await keysOf(ENGINES.node, "alice");
      const connection = { account: () => Promise.resolve(account) };
      const told: unknown[] = [];
      const putting = createPutting({
        ...{ keys, contactIds: { isAddress: () => false } },
        halted: createHaltedMessages(connection, { keys: [keys], ownNames: [] }),
        onFailure: (error) => told.push(error),
      });
      const write = { kind: "clear", contact: "bob.eth", messageHash: "0x1" } as const;
      expect(await putting.put(account, [{ key: "1", write }], "sealed")).to.equal("refused");
      expect(told).to.deep.equal([refusal]);
    });
  }
});
