import { expect } from "chai";
import type { Filters } from "../../src/relay/filters.js";
import { NO_FILTERS } from "../../src/relay/filters.js";
import { rememberingAccounts } from "../../src/relay/rememberingAccounts.js";
import { statementsDuring } from "../db/statements.js";
import { BOB, openRelayWorld } from "./relayWorld.js";

describe("relay: remembering accounts", () => {
  it("asks once in a second for submits, and at once after a change", async () => {
    const world = await openRelayWorld();
    try {
      let nowMs = 1_000;
      const accounts = rememberingAccounts(world.database.accounts, () => nowMs);
      const filtersNow = async (): Promise<Filters | undefined> =>
        (await accounts.remembered.accountOf(BOB))?.filters;
      const asked = (work: () => Promise<unknown>) =>
        statementsDuring(work).then(({ length }) => length);
      expect(await asked(filtersNow)).to.equal(1);
      expect(await asked(filtersNow)).to.equal(0);
      expect(await asked(() => accounts.accountOf(BOB)), "for others, each time").to.equal(1);
      nowMs += 1_000;
      expect(await asked(filtersNow)).to.equal(1);
      const blocked = { ...NO_FILTERS, blockedSenders: ["spam.eth"] };
      await accounts.setFilters(BOB, blocked);
      expect(await filtersNow()).to.deep.equal(blocked);
      await accounts.endAccount(BOB);
      expect(await filtersNow()).to.equal(undefined);
    } finally {
      await world.close();
    }
  });
});
