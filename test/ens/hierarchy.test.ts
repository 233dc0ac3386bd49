import { expect } from "chai";
import { isWithin, parentName } from "../../src/ens/hierarchy.js";

describe("ens/hierarchy", () => {
  it("knows what lies under a domain", () => {
    expect(isWithin("alice.users.eth", "users.eth")).to.equal(true);
    expect(isWithin("a.b.users.eth", "users.eth")).to.equal(true);
    expect(isWithin("users.eth", "users.eth")).to.equal(true);
    expect(isWithin("xusers.eth", "users.eth")).to.equal(false);
    expect(isWithin("eth", "users.eth")).to.equal(false);
  });
  it("climbs", () => {
    expect(parentName("a.b.eth")).to.equal("b.eth");
    expect(parentName("eth")).to.equal(null);
  });
});
