import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { Command } from "commander";
import { DIAGNOSIS_EXIT_STATUS, doctorCommand } from "../../../src/cli/doctor.js";
import { DIAGNOSES } from "../../../src/doctor/examine.js";
import type { Line } from "../../../src/doctor/line.js";
import { expectRejection } from "../../expectError.js";
import { deadUrl } from "../../lookup/loopbackServer.js";
import { ALICE, type Ward } from "../ward.js";

export function commandLines(ward: () => Ward): void {
  async function run(...args: string[]): Promise<{ text: string; exitStatus: number }> {
    let text = "";
    const program = new Command().exitOverride().configureOutput({
      writeOut: (output) => (text += output),
    });
    doctorCommand(program);
    const before = process.exitCode;
    await program.parseAsync(["doctor", ...args], { from: "user" });
    const exitStatus = Number(process.exitCode ?? 0);
    process.exitCode = before;
    return { text: stripVTControlCharacters(text), exitStatus };
  }
  const flags = () => {
    const { chain, ens } = ward().world;
    return ["--rpc", chain.rpcUrl, "--registry", ens.registry, "--allow-loopback"];
  };

  it("prints aligned lines, advice only where something is wrong; 0, 6, 7, 4", async () => {
    const sound = await run(ALICE, ...flags());
    expect(sound.exitStatus).to.equal(0);
    expect(sound.text).to.match(/^ok rpc-reachable {8}the RPC node answers for chain 31337\n/);
    expect(sound.text).to.match(
      /\n\ngateway 1 {2}http:\/\/127\.0\.0\.1:\d+\/ccip\/.*\nok url-template {9}a POST/,
    );
    expect(sound.text).to.match(
      /\npassed {2}alice\.users\.example\.eth: \d+ passed, 0 warnings, 0 failed/,
    );
    expect(sound.text).not.to.include("->");

    await ward().breakResolver("NoOwner");
    const warned = await run(ALICE, ...flags());
    expect(warned.exitStatus).to.equal(6);
    expect(warned.text).to.match(/\n! {2}owner {16}nobody owns the resolver.*\n {24}-> Deploy one/);

    const lost = await run("nobody.example.org", ...flags());
    expect(lost.exitStatus).to.equal(7);
    expect(lost.text).to.match(/\nx {2}resolver-found .*\n +-> Set one for nobody\.example\.org/);
    // what depends on it is folded, and the failure stands once more where the eye ends
    expect(lost.text).to.match(
      /\n- {2}\d\d checks +depend on resolver-found: resolver-code, wildcard, /,
    );
    expect(lost.text.match(/depends? on/g)).to.have.length.below(5);
    expect(lost.text).to.match(
      /\nfailed {2}nobody\.example\.org: .*\n\nx {2}resolver-found .*\n +-> Set one .*\n$/,
    );

    const cut = await run(ALICE, ...flags(), "--rpc", await deadUrl());
    expect(cut.exitStatus).to.equal(4);
    expect(Object.keys(DIAGNOSIS_EXIT_STATUS)).to.deep.equal([...DIAGNOSES]);
  });

  it("prints the lines themselves with --json", async () => {
    const { text } = await run(ALICE, ...flags(), "--json", "--burst", "--timeout", "30");
    const { name, diagnosis, lines } = JSON.parse(text) as {
      name: string;
      diagnosis: string;
      lines: Line[];
    };
    expect({ name, diagnosis }).to.deep.equal({ name: ALICE, diagnosis: "passed" });
    for (const line of lines) {
      expect(Object.keys(line)).to.have.members([
        "id",
        "url",
        "status",
        "seen",
        "advice",
        "dependsOn",
      ]);
    }
  });

  it("refuses options that make no sense", async () => {
    await expectRejection(
      run(ALICE, ...flags(), "--timeout", "soon"),
      "INVALID_REQUEST",
      /whole seconds/,
    );
    await expectRejection(
      run(ALICE, ...flags(), "--registry", "0x12"),
      "INVALID_REQUEST",
      /address/,
    );
  });
}
