import { expect } from "chai";
import { etagOf, isNamedIn, versionOfEtag } from "../../src/wire/etag.js";

describe("wire/etag", () => {
  it("reads the version of an ETag, also of one that a proxy has changed", () => {
    for (const etag of [
      '"7"',
      'W/"7"',
      '"7-gzip"',
      '"7;gzip"',
      'W/"7-br"',
      '"7--gzip"',
      '"7.zstd"',
    ]) {
      expect(versionOfEtag(etag), etag).to.equal("7");
    }
    expect(versionOfEtag(etagOf(2n ** 63n - 1n))).to.equal("9223372036854775807");
  });

  it("reads nothing into what is no version", () => {
    const others = [
      "7",
      '"07"',
      '"7',
      '"7x"',
      '"7 gzip"',
      '"7-"',
      'w/"7"',
      "W/7",
      '"-7"',
      '""',
      "*",
    ];
    for (const etag of others) expect(versionOfEtag(etag), etag).to.equal(null);
    expect(versionOfEtag(`"${"9".repeat(20)}"`)).to.equal(null);
  });

  it("finds a version in a list", () => {
    for (const header of ["*", '"6", "7"', 'W/"7-gzip"', ' "7" ', '"abc",W/"7"']) {
      expect(isNamedIn(header, 7n), header).to.equal(true);
    }
    for (const header of ['"6"', '"77"', "7", "", '"6-7"']) {
      expect(isNamedIn(header, 7n), header).to.equal(false);
    }
  });
});
