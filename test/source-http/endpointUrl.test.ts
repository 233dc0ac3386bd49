import { expect } from "chai";
import { questionUrl } from "../../src/source-http/endpointUrl.js";
import { expectError } from "../expectError.js";

describe("source-http/endpointUrl", () => {
  const asked = (endpoint: string, label: string) => questionUrl(new URL(endpoint), label).href;

  it("puts the label behind the path", () => {
    const place = "https://users.example.com";
    expect(asked(place, "alice")).to.equal(`${place}/alice`);
    expect(asked(`${place}/`, "alice")).to.equal(`${place}/alice`);
    expect(asked(`${place}:8443/a/b/`, "alice")).to.equal(`${place}:8443/a/b/alice`);
  });

  const labels: Readonly<Record<string, string>> = {
    "a/b": "a%2Fb",
    "a?b=c#d": "a%3Fb%3Dc%23d",
    "%2e%2e": "%252e%252e",
    münchen: "m%C3%BCnchen",
    "👍": "%F0%9F%91%8D",
    "_-$'": "_-%24'",
    "\\": "%5C",
    "a\tb\n": "a%09b%0A",
  };
  for (const [label, encoded] of Object.entries(labels)) {
    it(`asks for ${JSON.stringify(label)} in one segment`, () => {
      expect(asked("https://h.example/u", label)).to.equal(`https://h.example/u/${encoded}`);
    });
  }

  for (const label of ["", ".", ".."]) {
    it(`never asks for "${label}", which leads to another place`, () => {
      expectError(() => asked("https://h.example/u", label), "INTERNAL", /no segment of a path/);
    });
  }
});
