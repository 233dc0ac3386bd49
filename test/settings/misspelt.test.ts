import { expect } from "chai";
import { CAPABILITIES } from "../../src/capabilities/list.js";
import { settingsOf } from "../../src/process/served.js";
import { misspeltSettings, settingNames } from "../../src/settings/misspelt.js";
import { nearestName } from "../../src/settings/nearestName.js";

const KNOWN = settingNames(settingsOf(CAPABILITIES));

const inFile = (...names: string[]) =>
  misspeltSettings({ inFile: names, inEnvironment: [] }, KNOWN);
const inEnvironment = (...names: string[]) =>
  misspeltSettings({ inFile: [], inEnvironment: names }, KNOWN);
const sentence = (name: string, meant: string) =>
  `${name} is no setting of Signpost; did you mean ${meant}?`;

describe("settings/misspelt", () => {
  it("tells what a name with one or two wrong letters was meant to be", () => {
    for (const [name, meant] of [
      ["SECRETS_FORMER_KEY_LOCATION", "SECRETS_FORMER_KEY_LOCATIONS"],
      ["GATEWAY_SINGER_KEY", "GATEWAY_SIGNER_KEY"],
      ["DATABASE_ULR", "DATABASE_URL"],
      ["SIGNPOST_DIRR", "SIGNPOST_DIR"],
      ["secrets_key_location", "SECRETS_KEY_LOCATION"],
    ] as const) {
      expect(inFile(name), name).to.deep.equal([sentence(name, meant)]);
      expect(inEnvironment(name), name).to.deep.equal([sentence(name, meant)]);
    }
    // of another first word, where the environment may be that of another program
    expect(inFile("SECRET_KEY_LOCATION", "PROT", "DATBASE_URL")).to.deep.equal([
      sentence("SECRET_KEY_LOCATION", "SECRETS_KEY_LOCATION"),
      sentence("PROT", "PORT"),
      sentence("DATBASE_URL", "DATABASE_URL"),
    ]);
    expect(inEnvironment("SECRET_KEY_LOCATION", "PROT", "POST")).to.deep.equal([]);
  });

  it("says a name once, and nothing of those that are settings or nothing like one", () => {
    const both = { inFile: ["PORTS"], inEnvironment: ["PORTS", "GATEWAY_URL", "DATABASE_HOST"] };
    expect(misspeltSettings(both, KNOWN)).to.deep.equal([sentence("PORTS", "PORT")]);
    expect(inFile(...KNOWN, "RPC_URL", "AWS_REGION", "TZ", "PATH", "HOME", "ROOT")).to.deep.equal(
      [],
    );
    expect(inEnvironment(...KNOWN, "OTEL_EXPORTER_OTLP_HEADERS")).to.deep.equal([]);
  });

  it("does not take another letter for a slip in a short name", () => {
    expect(nearestName("COST", ["HOST", "PORT"])).to.equal("HOST");
    expect(nearestName("CAST", ["HOST", "PORT"])).to.equal(null);
    expect(nearestName("", ["HOST"])).to.equal(null);
  });
});
