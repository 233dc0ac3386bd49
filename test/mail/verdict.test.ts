/** What no mail of a test reaches: our own reading of it and mailauth's differ, or the check takes too long. */
import { expect } from "chai";
import fc from "fast-check";
import { newlineGuard } from "../../src/mail/bareNewlines.js";
import { boundedDns } from "../../src/mail/boundedDns.js";
import type { Evidence } from "../../src/mail/evidence.js";
import { networkOf } from "../../src/mail/inboundLimits.js";
import { verdictOn } from "../../src/mail/verdict.js";

describe("mail: the verdict", () => {
  const from = { localPart: "alice", domain: "mail.test" };
  const good: Evidence = {
    ...{
      readsSameFrom: true,
      isStrong: true,
      coversTo: true,
      autocryptMs: 1,
      otherSigners: [],
      neighbours: [],
    },
    ...{ unknown: null, comment: "" },
  };
  const known = {
    isKnown: () => Promise.resolve(true),
    hasSeenSigner: () => Promise.resolve(true),
  };
  const on = async (evidence: Evidence | "too late") =>
    (await verdictOn(from, [], evidence, known))?.message ?? null;

  it("is no where another program reads another From", async () => {
    expect(await on(good)).to.equal(null);
    expect(await on({ ...good, readsSameFrom: false })).to.match(
      /^5\.7\.1 The From field can be read in two ways/,
    );
  });

  it("is later where it took too long", async () => {
    expect(await on("too late")).to.match(/^4\.7\.5 /);
  });
});

describe("mail: DNS for one mail", () => {
  it("answers sixty questions, then none", async () => {
    const dns = boundedDns(() => Promise.resolve(["127.0.0.1"]), "mail.test");
    for (let n = 0; n < 60; n++) await dns.resolve(`n${n}.test`, "A");
    const error = await dns.resolve("more.test", "A").then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).to.have.property("code", "ETIMEOUT");
  });

  it("looks for keys of relatives alone", async () => {
    const asked: string[] = [];
    const dns = boundedDns((name) => {
      asked.push(name);
      return Promise.resolve([]);
    }, "sub.mail.test");
    for (const domain of ["mail.test", "SUB.mail.test", "other.test", "mail.test.other.test"]) {
      await dns.resolve(`s._domainkey.${domain}`, "TXT").catch(() => undefined);
    }
    expect(asked).to.deep.equal(["s._domainkey.mail.test", "s._domainkey.SUB.mail.test"]);
  });
});

describe("mail: bare ends of lines", () => {
  it("are found wherever they lie, in whatever pieces", () => {
    const text = fc.string({
      unit: fc.constantFrom("\r\n", "\r\n", "\r\n", "\r", "\n", "x"),
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        text,
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 }),
        (whole, pieces) => {
          const guard = newlineGuard();
          const bytes = Buffer.from(whole);
          let at = 0;
          for (const length of [...pieces, bytes.length]) {
            guard.isClean(bytes.subarray(at, at + length));
            at += length;
          }
          expect(guard.endsClean()).to.equal(!/\r(?!\n)|(?<!\r)\n/.test(whole));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe("mail: the network of an address", () => {
  for (const [ip, network] of [
    ["192.0.2.77", "192.0.2"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1"],
    ["2001:0DB8:0001::1", "2001:db8:1"],
    ["2001:db8::1", "2001:db8:0"],
    ["::1", "0:0:0"],
  ] as const) {
    it(`${ip}: ${network}`, () => {
      expect(networkOf(ip)).to.equal(network);
    });
  }
});
