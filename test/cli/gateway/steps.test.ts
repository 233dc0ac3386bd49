import { expect } from "chai";
import type { Command } from "commander";
import { stepsOf } from "../../../src/cli/gateway/steps.js";
import { runCommand } from "../runCommand.js";

describe("cli/gateway/steps", () => {
  for (const kind of ["gateway", "bridge"]) {
    it(`sends the next operator of a ${kind} to the command that reads its settings`, async () => {
      const { text, exitStatus } = await runCommand(
        (program) =>
          program
            .command(kind)
            .command("register")
            .action((_flags: object, command: Command) => {
              const steps = stepsOf(command, {});
              steps.waits("network", ["second.example.eth"], { kind });
              steps.end({});
            }),
        ...[kind, "register"],
      );
      expect(exitStatus).to.equal(1);
      expect(text).to.include(`for signpost ${kind} register --record or`);
    });
  }
});
