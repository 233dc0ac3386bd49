import { expect } from "chai";
import { httpSettings } from "../../../src/registry/sources/httpSettings.js";

const publicKey = {
  kty: "OKP",
  crv: "Ed25519",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
};
const right = { kind: "http", endpoint: "https://users.example.com/signpost", publicKey };

/** What is wrong with settings that have this instead. */
function wrongWith(other: object): string[] {
  const { error } = httpSettings.safeParse({ ...right, ...other });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")} ${message}`.trim());
}

describe("registry/sources/httpSettings", () => {
  it("has no private network unless one is named", () => {
    expect(httpSettings.parse(right)).to.deep.equal({ ...right, network: null });
  });

  for (const endpoint of [
    "https://users.example.com",
    "https://users.example.com:8443/a/b/",
    "https://[2606:2800:220:1::1]/u",
  ]) {
    it(`takes ${endpoint}`, () => {
      expect(wrongWith({ endpoint })).to.deep.equal([]);
    });
  }

  it("takes http: where a private network is named, and nowhere else", () => {
    const endpoint = "http://users.internal:8080";
    expect(wrongWith({ endpoint, network: "10.0.0.0/8" })).to.deep.equal([]);
    expect(wrongWith({ endpoint })).to.have.length(1);
    expect(wrongWith({ endpoint })[0]).to.match(/^http: is for a private network alone/);
    expect(wrongWith({ endpoint: "HTTP://users.internal" })[0]).to.match(/^http: is for/);
  });

  const wrong: Readonly<Record<string, RegExp>> = {
    "users.example.com": /^endpoint must be a URL/,
    "ftp://users.example.com": /^endpoint must be a URL/,
    "file:///etc/passwd": /^endpoint must be a URL/,
    "unix:/var/run/x.sock": /^endpoint must be a URL/,
    "": /^endpoint must be a URL/,
    [`https://users.example.com/${"a".repeat(1_024)}`]: /^endpoint .*1024/,
    "https://me:secret@users.example.com": /^endpoint must have no user name/,
    "https://me@users.example.com": /^endpoint must have no user name/,
    "https://users.example.com/?key=1": /^endpoint must have no query/,
    "https://users.example.com/#top": /^endpoint must have no query/,
    "https://users.example.com/?": /^endpoint must have no query/,
  };
  for (const [endpoint, sentence] of Object.entries(wrong)) {
    it(`does not take "${endpoint.slice(0, 40)}"`, () => {
      const [first = "", ...others] = wrongWith({ endpoint });
      expect(first).to.match(sentence);
      expect(first).not.to.include("secret");
      expect(others).to.deep.equal([]);
    });
  }

  for (const [member, value] of Object.entries({
    kty: "EC",
    crv: "X25519",
    x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    kid: "short",
    d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  })) {
    it(`takes no public key with another ${member}`, () => {
      expect(wrongWith({ publicKey: { ...publicKey, [member]: value } })).to.have.length(1);
    });
  }
});
