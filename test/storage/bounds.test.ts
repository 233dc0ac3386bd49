import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { assertRoom, assertShortEnough } from "../../src/storage/bounds.js";
import { nameForIds, storedIdOf } from "../../src/storage/messageId.js";
import { expectError } from "../expectError.js";

const BOUNDS = { mostConversations: 2, mostMessages: 3, mostBytes: 100, mostMessageBytes: 50 };

describe("storage: bounds and ids", () => {
  const use = (conversations: number, messages: number, bytes: number) => ({
    ...{ conversations, messages, bytes },
  });

  it("let an account have what it may, and no more of any part", () => {
    const nothing = use(0, 0, 0);
    assertRoom(BOUNDS, nothing, use(2, 3, 100));
    for (const [after, of, most] of [
      [use(3, 3, 100), "conversations", 2],
      [use(2, 4, 100), "messages", 3],
      [use(2, 3, 101), "bytes", 100],
    ] as const) {
      const { details } = expectError(
        () => {
          assertRoom(BOUNDS, nothing, after);
        },
        "STORAGE_FULL",
        /Nothing of it was kept/,
      );
      expect(details).to.deep.equal({ of, most });
    }
  });

  it("let an account that has more than it may now have less", () => {
    assertRoom(BOUNDS, use(9, 9, 900), use(9, 8, 800));
    expectError(
      () => {
        assertRoom(BOUNDS, use(9, 9, 900), use(9, 8, 901));
      },
      "STORAGE_FULL",
      /may keep 100 bytes/,
    );
  });

  it("bound one message", () => {
    assertShortEnough(BOUNDS, 50);
    expectError(
      () => {
        assertShortEnough(BOUNDS, 51);
      },
      "TOO_LARGE",
      /may have 50 bytes here, and this one has 51/,
    );
  });

  it("make ids of the name in normal form, or of the address", () => {
    expect(nameForIds("ALICE.eth")).to.equal("alice.eth");
    const address = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
    expect(nameForIds(address)).to.equal(address.toLowerCase());
    // SHA-256 of "alice.eth0x01"
    expect(toHex(storedIdOf("alice.eth", "0x01"))).to.equal(
      "0x36f792b97558c35a1981e07dd1029cc8e15c853d27e6459bd6dbad7b44926e5b",
    );
  });
});
