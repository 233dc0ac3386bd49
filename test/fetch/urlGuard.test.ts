import { expect } from "chai";
import { guardUrl } from "../../src/fetch/urlGuard.js";
import { expectError } from "../expectError.js";

const LOOPBACK_SPELLINGS = [
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0x7f.0.0.1/",
  "https://0177.0.0.1/",
  "https://017700000001/",
  "https://127.0.0.1./",
  "https://%31%32%37.0.0.1/",
  "https://１２７.0.0.1/",
  "https://[::1]/",
  "https://[0:0:0:0:0:0:0:1]/",
  "https://localhost/",
  "https://LOCALHOST./",
  "https://api.localhost:8545/",
];

const NEVER = [
  ["https://10.0.0.1/", /10\.0\.0\.1 is not a public address/],
  ["https://0xa000001/", /10\.0\.0\.1 is not a public address/],
  ["https://169.254.169.254/latest/meta-data/", /not a public address/],
  ["https://[::ffff:127.0.0.1]/", /not a public address/],
  ["https://[::ffff:7f00:1]/", /not a public address/],
  ["https://[64:ff9b::7f00:1]/", /not a public address/],
  ["https://[fd00::1]/", /not a public address/],
  ["https://0/", /0\.0\.0\.0 is not a public address/],
  ["http://gateway.example/", /not encrypted/],
  ["http://1.1.1.1/", /not encrypted/],
  ["https://user@gateway.example/", /user name or password/],
  ["https://:secret@gateway.example/", /user name or password/],
  ["ftp://gateway.example/", /its scheme is ftp\./],
  ["file:///etc/passwd", /its scheme is file\./],
  ["data:application/json,{}", /its scheme is data\./],
  ["x-batch-gateway:true", /its scheme is x-batch-gateway\./],
  ["/relative", /absolute https: URLs/],
  ["", /absolute https: URLs/],
] as const;

describe("urlGuard", () => {
  for (const url of LOOPBACK_SPELLINGS) {
    it(`refuses ${url} unless loopback is allowed`, () => {
      expectError(() => guardUrl(url, {}), "FORBIDDEN_ADDRESS", /is not a public address/);
      expect(guardUrl(url, { allowLoopback: true }).href).to.match(/^https:/);
    });
  }

  for (const [url, sentence] of NEVER) {
    it(`refuses ${JSON.stringify(url)} even where loopback is allowed`, () => {
      expectError(() => guardUrl(url, { allowLoopback: true }), "FORBIDDEN_ADDRESS", sentence);
    });
  }

  it("allows http: on loopback, where nothing can listen in", () => {
    expectError(() => guardUrl("http://127.0.0.1:80/", {}), "FORBIDDEN_ADDRESS", /not a public/);
    expect(guardUrl("http://localhost:8080/a", { allowLoopback: true }).port).to.equal("8080");
  });

  it("lets public hosts and addresses pass unchanged", () => {
    for (const url of [
      "https://gateway.example/a?b=c",
      "https://8.8.8.8/",
      "https://[2606:4700::1]/",
    ]) {
      expect(guardUrl(url, {}).href).to.equal(url);
    }
  });

  it("repeats neither password nor path of a URL", () => {
    for (const url of ["https://u:hunter2@gateway.example/", "http://gateway.example/hunter2"]) {
      expectError(() => guardUrl(url, {}), "FORBIDDEN_ADDRESS", /^(?!.*hunter2)/);
    }
  });
});
