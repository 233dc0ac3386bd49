import { expect } from "chai";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import { startProgram } from "../../childProgram.js";

describe("capabilities/registry: the first name that is not ASCII", () => {
  it("finds the tables of ENSIP-15 unpacked, in a service that has started", async () => {
    const database = await openScratchDatabase();
    try {
      const program = startProgram("test/capabilities/registry/firstNameProgram.ts", [], {
        settings: { DATABASE_URL: database.url },
      });
      const took = Number(await program.printed(/first name: ([\d.]+) ms/));
      // 200 to 450 ms where they are not
      expect(took).to.be.below(100);
      await program.ended;
    } finally {
      await database.close();
    }
  });
});
