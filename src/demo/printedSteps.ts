/** A demo's steps as a person reads them, each when it is done. */
import pc from "picocolors";
import type { SignpostError } from "../errors.js";

export const printedSteps = {
  onStep: (step: string, facts: Readonly<Record<string, string>>) => {
    const values = Object.entries(facts).map(([name, value]) => `${pc.dim(name)} ${value}`);
    console.log(`${pc.green("ok")} ${step.padEnd(40)} ${values.join("  ")}`);
  },
  reportFailure: (error: SignpostError) => {
    console.error(pc.red(error.message));
  },
};
