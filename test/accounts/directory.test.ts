import { expect } from "chai";
import { rememberingDirectory } from "../../src/accounts/directory.js";
import type { NormalName } from "../../src/ens/normalize.js";
import { SignpostError } from "../../src/errors.js";
import { expectRejection } from "../expectError.js";
import { nameTable } from "../relay/relayWorld.js";

const BOB = "bob.eth" as NormalName;

describe("relay: what it remembers of ENS", () => {
  const open = (mostNames = 10) => {
    const names = nameTable();
    const clock = { nowMs: 0 };
    return {
      names,
      clock,
      directory: rememberingDirectory(names, { nowMs: () => clock.nowMs, mostNames }),
    };
  };

  it("is a minute old at the most, or a second where it has to be now", async () => {
    const { names, clock, directory } = open();
    await Promise.all([directory.personOf(BOB), directory.personOf(BOB), directory.personNow(BOB)]);
    expect(names.asked).to.equal(1);
    clock.nowMs = 59_999;
    await directory.personOf(BOB);
    expect(names.asked).to.equal(1);
    await directory.personNow(BOB);
    expect(names.asked).to.equal(2);
    clock.nowMs += 60_000;
    await directory.personOf(BOB);
    expect(names.asked).to.equal(3);
    clock.nowMs = 0;
    await directory.personOf(BOB);
    expect(names.asked).to.equal(4);
  });

  it("keeps that a name is nobody's, and not that ENS did not answer", async () => {
    const { names, directory } = open();
    const nobody = "nobody.eth" as NormalName;
    expect((await directory.personOf(nobody)).address).to.equal(null);
    await directory.personOf(nobody);
    expect(names.asked).to.equal(1);
    names.answers = false;
    await expectRejection(directory.personOf(BOB), "UNREACHABLE", /did not answer/);
    names.answers = true;
    expect((await directory.personOf(BOB)).profile).not.to.equal(null);
  });

  it("is nothing where ENS is asked anew, and that is remembered", async () => {
    const { names, directory } = open();
    await directory.personOf(BOB);
    await directory.personAnew(BOB);
    expect(names.asked).to.equal(2);
    await directory.personNow(BOB);
    expect(names.asked).to.equal(2);
  });

  it("asks nothing for whom no question is left, and gives back what was answered", async () => {
    const { names, directory } = open();
    let left = 1;
    const counted = directory.askedBy(() => {
      if (left === 0) throw new SignpostError("LIMIT_EXCEEDED", "None is left.", { limit: 1 });
      left--;
      return () => left++;
    });
    await counted.personOf(BOB);
    expect(left).to.equal(1);
    names.answers = false;
    await expectRejection(counted.personNow("a.eth" as NormalName), "UNREACHABLE", /./);
    expect(left).to.equal(0);
    const refused = expectRejection(counted.personOf("b.eth" as NormalName), "LIMIT_EXCEEDED", /./);
    // for the same name at the same time, and not counted
    const others = expectRejection(directory.personOf("b.eth" as NormalName), "UNREACHABLE", /./);
    await Promise.all([refused, others]);
    expect(names.asked).to.equal(3);
    expect((await counted.personOf(BOB)).profile).not.to.equal(null);
  });

  it("is bounded", async () => {
    const { names, directory } = open(2);
    for (const name of ["a.eth", "b.eth", "c.eth", "a.eth"])
      await directory.personOf(name as NormalName);
    expect(names.asked).to.equal(4);
    await directory.personOf("c.eth" as NormalName);
    expect(names.asked).to.equal(4);
  });
});
