import { expect } from "chai";
import { readKey } from "openpgp";
import { lookUpByWkd, wkdHash, wkdUrls } from "../../../../src/codecs/openpgp-mime/keys/wkd.js";
import { SignpostError } from "../../../../src/errors.js";
import type { Fetcher } from "../../../../src/fetch/fetcher.js";
import { expectRejection } from "../../../expectError.js";
import { MailUser } from "../mailUser.js";

const ADDRESS = "alice@mail.test";

describe("a key directory", () => {
  let alice: MailUser;
  let mallory: MailUser;
  before(async () => {
    alice = await MailUser.make(ADDRESS);
    mallory = await MailUser.make("mallory@mail.test");
  });

  /** Whoever answers, by the host; the code of DNS where nobody does. */
  function directory(hosts: Readonly<Record<string, Uint8Array | number | string>>) {
    const asked: string[] = [];
    const fetcher: Fetcher = ({ url }) => {
      const { host } = new URL(url);
      asked.push(host);
      const answer = hosts[host] ?? 404;
      if (typeof answer === "string") {
        const cause = Object.assign(new Error(answer), { code: answer });
        return Promise.reject(
          new SignpostError("UNREACHABLE", `${host} is not there.`, {}, { cause }),
        );
      }
      const isStatus = typeof answer === "number";
      return Promise.resolve({
        ...{ status: isStatus ? answer : 200, contentType: null },
        body: isStatus ? new Uint8Array() : answer,
      });
    };
    return { fetcher, asked };
  }

  it("is asked by the hash of the local part in lower case", () => {
    // section 3.1 of the draft
    expect(wkdHash("Joe.Doe")).to.equal("iy9q119eutrkn8s1mk4r39qejnbu3n5q");
    expect(wkdUrls("joe.doe@example.org")).to.deep.equal({
      advanced:
        "https://openpgpkey.example.org/.well-known/openpgpkey/example.org/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=joe.doe",
      direct:
        "https://example.org/.well-known/openpgpkey/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=joe.doe",
    });
  });

  it("gives the certificate of its advanced form, and the direct one is not asked", async () => {
    const { fetcher, asked } = directory({ "openpgpkey.mail.test": alice.certificate });
    expect(await lookUpByWkd(ADDRESS, { fetcher })).to.deep.equal(alice.certificate);
    expect(asked).to.deep.equal(["openpgpkey.mail.test"]);
  });

  it("is asked in its direct form only where the other host does not exist", async () => {
    const absent = directory({
      "openpgpkey.mail.test": "ENOTFOUND",
      "mail.test": alice.certificate,
    });
    expect(await lookUpByWkd(ADDRESS, absent)).to.deep.equal(alice.certificate);
    const silent = directory({
      "openpgpkey.mail.test": "ECONNREFUSED",
      "mail.test": alice.certificate,
    });
    await expectRejection(lookUpByWkd(ADDRESS, silent), "UNREACHABLE", /not there/);
    expect(silent.asked).to.deep.equal(["openpgpkey.mail.test"]);
    const empty = directory({ "mail.test": alice.certificate });
    expect(await lookUpByWkd(ADDRESS, empty)).to.equal(null);
    expect(empty.asked).to.deep.equal(["openpgpkey.mail.test"]);
  });

  it("has nothing where neither host exists, and is not known where it does not work", async () => {
    const nobody = directory({ "openpgpkey.mail.test": "ENOTFOUND", "mail.test": "ENOTFOUND" });
    expect(await lookUpByWkd(ADDRESS, nobody)).to.equal(null);
    const broken = directory({ "openpgpkey.mail.test": 503 });
    await expectRejection(lookUpByWkd(ADDRESS, broken), "UNREACHABLE", /status 503/);
  });

  it("gives none but the one whose user id is exactly the address", async () => {
    const other = directory({ "openpgpkey.mail.test": mallory.certificate });
    expect(await lookUpByWkd(ADDRESS, other)).to.equal(null);
    const both = Buffer.concat([mallory.certificate, alice.certificate]);
    const two = directory({ "openpgpkey.mail.test": both });
    expect(await lookUpByWkd(ADDRESS, two)).to.deep.equal(alice.certificate);
  });

  it("gives none whose owner did not sign the user id", async () => {
    const [hers, forged] = await Promise.all(
      [alice, mallory].map(({ certificate }) => readKey({ binaryKey: certificate })),
    );
    forged!.users.push(...hers!.users);
    const both = directory({ "openpgpkey.mail.test": forged!.write() });
    expect(await lookUpByWkd(ADDRESS, both)).to.equal(null);
  });
});
