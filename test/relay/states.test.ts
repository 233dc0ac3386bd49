import { expect } from "chai";
import { statesBelow } from "../../src/relay/states.js";

describe("relay: the states of a message", () => {
  it("only go up: a late delivered wins over refused and expired, and nothing over delivered", () => {
    expect(statesBelow("accepted")).to.deep.equal([]);
    expect(statesBelow("injected")).to.deep.equal(["accepted"]);
    expect(statesBelow("refused")).to.deep.equal(["accepted", "injected"]);
    expect(statesBelow("expired")).to.deep.equal(["accepted", "injected"]);
    expect(statesBelow("delivered")).to.deep.equal(["accepted", "injected", "refused", "expired"]);
  });
});
