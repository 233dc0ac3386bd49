import { expect } from "chai";
import { cursorOfPlace, placeOfCursor } from "../../../src/registry/feed/feedCursor.js";

const FEED = "0f3a1c2e-9b8d-4e5f-8a7b-0123456789ab";
const CURSOR = "0f3a1c2e9b8d4e5f8a7b0123456789ab-17";

describe("registry/feed: cursors", () => {
  it("hold a place and give it back", () => {
    expect(cursorOfPlace({ feed: FEED, number: 17n, name: null })).to.equal(CURSOR);
    for (const number of [0n, 17n, 2n ** 63n - 1n]) {
      for (const name of [null, "", "alice.users.example.eth", "größe.eth", "📬".repeat(255)]) {
        const place = { feed: FEED, number, name };
        expect(placeOfCursor(cursorOfPlace(place))).to.deep.equal(place);
        expect(cursorOfPlace(place)).to.match(/^[\w-]*$/);
      }
    }
  });

  for (const text of [
    "",
    "17",
    FEED,
    `${FEED}-17`,
    `${CURSOR} `,
    `${CURSOR}\n`,
    CURSOR.replace("-17", "-017"),
    CURSOR.replace("-17", "--1"),
    CURSOR.replace("-17", "-9223372036854775808"),
    CURSOR.toUpperCase(),
    `${CURSOR}-=`,
    `${CURSOR}-YQ==`,
    `${CURSOR}-YR`,
    `${CURSOR}-_w`,
    `${CURSOR}-AA`,
    `${CURSOR}-${"YWFh".repeat(400)}`,
  ]) {
    it(`are not ${JSON.stringify(text)}`, () => {
      expect(placeOfCursor(text)).to.equal(null);
    });
  }
});
