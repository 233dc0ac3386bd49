import { expect } from "chai";
import { parseAddress } from "../../src/ens/address.js";
import { sleep } from "../../src/messenger/sleep.js";
import { createContactIds } from "../../src/storage-client/contactIds.js";
import { people } from "../dm3/profile/sampleProfiles.js";

const ADDRESS = people.bob.address;
const ID = `${ADDRESS.toLowerCase()}.addr.example.eth`;

describe("whose conversation it is", () => {
  let asked: string[];
  let nowMs: number;
  let answer: () => Promise<ReturnType<typeof parseAddress> | null>;
  const ids = () =>
    createContactIds({
      addressDomain: "addr.example.eth",
      ...{ nowMs: () => nowMs, sleep },
      addressOf: (name) => {
        asked.push(name);
        return answer();
      },
    });

  beforeEach(() => {
    asked = [];
    nowMs = 1_000_000;
    answer = () => Promise.resolve(parseAddress(ADDRESS));
  });

  it("is told by the address, for every spelling and every name of it", async () => {
    const { idOf } = ids();
    for (const name of ["bob.eth", "BOB.eth", "other.eth", ADDRESS, ID, ID.toUpperCase()]) {
      expect(await idOf(name), name).to.equal(ID);
    }
    expect(asked).to.deep.equal(["bob.eth", "other.eth"]);
  });

  it("is told by the name without an address, and for what is no name", async () => {
    answer = () => Promise.resolve(null);
    const { idOf } = ids();
    expect(await idOf("Bob.eth")).to.equal("bob.eth");
    expect(await idOf("a..eth")).to.equal("a..eth");
    expect(asked).to.deep.equal(["bob.eth"]);
  });

  it("is asked again after a while, sooner after a failure, and at once where it has to be", async () => {
    const { idOf } = ids();
    await idOf("bob.eth");
    await idOf("bob.eth");
    expect(asked).to.have.length(1);
    await idOf("bob.eth", "now");
    expect(asked).to.have.length(2);
    nowMs += 6 * 60_000;
    answer = () => Promise.reject(new Error("away"));
    const failed = () => idOf("bob.eth").catch((error: unknown) => String(error));
    expect([await failed(), await failed()].join()).to.match(/away.*away/);
    expect(asked).to.have.length(3);
    answer = () => Promise.resolve(null);
    nowMs += 11_000;
    expect(await idOf("bob.eth")).to.equal("bob.eth");
  });

  it("is asked again where the clock was set back since, also after a failure", async () => {
    const { idOf } = ids();
    await idOf("bob.eth");
    nowMs -= 60 * 60_000;
    answer = () => Promise.reject(new Error("away"));
    await idOf("bob.eth").catch(() => undefined);
    expect(asked).to.have.length(2);
    nowMs -= 60 * 60_000;
    answer = () => Promise.resolve(null);
    expect(await idOf("bob.eth")).to.equal("bob.eth");
  });

  it("is waited for only a moment by whoever cannot wait, and not where it failed last", async () => {
    const { idOf, soon } = ids();
    expect(await soon("bob.eth")).to.equal(ID);
    let fail: (error: Error) => void = () => undefined;
    answer = () => new Promise((_resolve, reject) => (fail = reject));
    const startMs = Date.now();
    expect(await soon("slow.eth")).to.equal(null);
    expect(Date.now() - startMs).to.be.within(1_900, 4_000);
    fail(new Error("away"));
    await idOf("slow.eth").catch(() => undefined);
    expect(await soon("slow.eth")).to.equal(null);
    expect(await soon(ADDRESS)).to.equal(ID);
    expect(Date.now() - startMs).to.be.below(4_000);
    expect(asked).to.deep.equal(["bob.eth", "slow.eth"]);
  });

  it("is remembered of a thousand names", async () => {
    const { idOf } = ids();
    for (let each = 0; each <= 1_000; each++) await idOf(`n${each}.eth`);
    await idOf("n1.eth");
    expect(asked).to.have.length(1_001);
    await idOf("n0.eth");
    expect(asked).to.have.length(1_002);
  });
});
