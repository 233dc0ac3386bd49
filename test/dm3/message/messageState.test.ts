import { expect } from "chai";
import fc from "fast-check";
import {
  MESSAGE_STATES,
  type MessageState,
  raisedState,
} from "../../../src/dm3/message/messageState.js";

const told = fc.array(fc.constantFrom(...MESSAGE_STATES), { minLength: 1, maxLength: 12 });

/** As product and docs order them: refused and expired are equals. */
const HEIGHT: Readonly<Record<MessageState, number>> = {
  ...{ accepted: 1, injected: 2, refused: 3, expired: 3, delivered: 4 },
};

describe("the states of a message", () => {
  it("only go up, in whatever order they are told", () => {
    fc.assert(
      fc.property(told, (states) => {
        let now: MessageState | null = null;
        for (const state of states) {
          const next: MessageState = raisedState(now, state);
          if (now !== null) expect(HEIGHT[next]).to.be.at.least(HEIGHT[now]);
          now = next;
        }
        const highest = Math.max(...states.map((state) => HEIGHT[state]));
        expect(HEIGHT[now!]).to.equal(highest);
        // of equals the first stays
        expect(now).to.equal(states.find((state) => HEIGHT[state] === highest));
      }),
    );
  });

  it("let a late delivered override refused and expired, and nothing override delivered", () => {
    expect(raisedState("refused", "delivered")).to.equal("delivered");
    expect(raisedState("expired", "delivered")).to.equal("delivered");
    for (const state of MESSAGE_STATES) {
      expect(raisedState("delivered", state)).to.equal("delivered");
    }
    expect(raisedState("refused", "expired")).to.equal("refused");
  });
});
