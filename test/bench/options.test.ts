/** The command line of `npm run bench`. */
import { expect } from "chai";
import { readOptions } from "../../bench/options.js";
import { expectError } from "../expectError.js";

describe("bench options", () => {
  it("measure everything that needs neither 10 GB nor minutes to fill", () => {
    expect(readOptions([]).cases).to.deep.equal([
      ...["cold", "hot", "multicall8", "twoProcesses", "coldTwo", "coldManyResolvers"],
      ...["slowSigner", "slowSignerManyResolvers", "viewVsOwn"],
    ]);
    expect(readOptions(["--scale"]).cases).to.include("names1e7");
  });

  it("choose cases", () => {
    expect(readOptions(["--only", "hot,cold"]).cases).to.deep.equal(["cold", "hot"]);
    expect(readOptions(["--only", "names1e7"]).cases).to.deep.equal(["names1e7"]);
    expectError(() => readOptions(["--only", "warm"]), "INVALID_REQUEST", /no case warm.*Usage/s);
  });

  it("compare with an earlier build where its commit is given", () => {
    expect(readOptions([]).before).to.equal(null);
    const options = readOptions(["--before", "e76d207"]);
    expect(options.before).to.equal("e76d207");
    expect(options.cases).to.include("coldOneConnection");
  });

  it("compare with another Node where its program is given", () => {
    const options = readOptions(["--node", "/opt/node24/bin/node"]);
    expect(options.otherNode).to.equal("/opt/node24/bin/node");
    expect(options.cases).to.include.members(["coldOtherNode", "hotOtherNode"]);
  });

  it("bound what they take", () => {
    expect(readOptions(["--rounds", "9", "--seconds", "1"])).to.include({ rounds: 9, seconds: 1 });
    for (const args of [["--rounds", "0"], ["--seconds", "1e9"], ["--rounds", "1.5"], ["--fast"]]) {
      expectError(() => readOptions(args), "INVALID_REQUEST", /Usage/);
    }
  });
});
