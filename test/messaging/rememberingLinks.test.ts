import { expect } from "chai";
import { rememberingLinks } from "../../src/messaging/rememberingLinks.js";
import { statementsDuring } from "../db/statements.js";
import { BOB } from "../relay/relayWorld.js";
import { BOB_AT_CHAT, bobsLink, openGatewayWorld } from "./gatewayWorld.js";

describe("messaging: remembering links", () => {
  it("asks once in a second, by address and by account, and at once after a change", async () => {
    const world = await openGatewayWorld();
    try {
      const { clock } = world.relay;
      await world.gateway.events.linked(BOB_AT_CHAT, JSON.parse(bobsLink(clock.nowMs)));
      await world.gateway.idle();
      const links = rememberingLinks(world.stores.links, () => clock.nowMs);
      const askBoth = () =>
        statementsDuring(async () => {
          expect((await links.linkOf(BOB_AT_CHAT))?.account).to.deep.equal(BOB);
          expect((await links.linkOfAccount(BOB))?.native).to.deep.equal(BOB_AT_CHAT);
        });
      expect(await askBoth()).to.have.length(2);
      expect(await askBoth()).to.have.length(0);
      clock.nowMs += 1_000;
      expect(await askBoth()).to.have.length(2);
      await links.removeLink(BOB_AT_CHAT);
      expect(await links.linkOfAccount(BOB)).to.equal(null);
      expect(await links.linkOf(BOB_AT_CHAT)).to.equal(null);
    } finally {
      await world.close();
    }
  });
});
