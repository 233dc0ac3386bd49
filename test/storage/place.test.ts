import { expect } from "chai";
import { encodeBase64 } from "../../src/dm3/base64.js";
import {
  cursorOfFeed,
  cursorOfHistory,
  FEED_START,
  type FeedPlace,
  feedPlaceOf,
  historyPlaceOf,
} from "../../src/storage/place.js";

describe("storage: cursors", () => {
  it("lead back to their places", () => {
    const places: readonly FeedPlace[] = [
      FEED_START,
      { change: 1_767_225_600_000, kind: "message", number: 7, since: 1_767_225_600_000 },
      { change: 1_767_225_600_000, kind: "deletion", number: 7, since: 5 },
      {
        ...{ change: Number.MAX_SAFE_INTEGER, kind: "conversation", number: 1 },
        since: Number.MAX_SAFE_INTEGER,
      },
    ];
    for (const place of places) expect(feedPlaceOf(cursorOfFeed(place))).to.deep.equal(place);
    for (const createdMs of [0, -8.64e15, 8.64e15]) {
      const place = { createdMs, number: 3 };
      expect(historyPlaceOf(cursorOfHistory(place))).to.deep.equal(place);
    }
  });

  it("of an earlier version lead to their places, of a reading that began before all deletions", () => {
    const earlier = encodeBase64(new TextEncoder().encode("f1:1767225600000:m:7"));
    expect(feedPlaceOf(earlier)).to.deep.equal({
      ...{ change: 1_767_225_600_000, kind: "message", number: 7, since: 0 },
    });
  });

  it("are none of the other kind, and nothing else is one", () => {
    expect(feedPlaceOf(cursorOfHistory({ createdMs: 1, number: 1 }))).to.equal(null);
    expect(historyPlaceOf(cursorOfFeed(FEED_START))).to.equal(null);
    for (const text of ["", "x", "====", "MTox", "a".repeat(1_000)]) {
      expect(feedPlaceOf(text), text).to.equal(null);
      expect(historyPlaceOf(text), text).to.equal(null);
    }
  });
});
