import type { Command } from "commander";
import { type Diagnosis, diagnosisOf, examine } from "../doctor/examine.js";
import type { DoctorOptions } from "../doctor/patient.js";
import { foreignText } from "../fetch/foreignText.js";
import { jsonText } from "../terminal/jsonText.js";
import { doctorText } from "./doctorText.js";
import { addEnsOptions, type EnsFlags, ensOptions } from "./ensOptions.js";
import { DNS_OPTION, type DnsFlags, dnsOptions } from "./network/dnsOption.js";
import { progressLine } from "./progressLine.js";
import { publishedNames } from "./publishedNames.js";
import { rpcUrlOfEnvironment } from "./rpcUrl.js";
import { timeoutOption } from "./timeoutOption.js";

/** Exit status by the worst line. 4 means what it means for `signpost resolve`: nobody could be asked. */
export const DIAGNOSIS_EXIT_STATUS: Readonly<Record<Diagnosis, number>> = {
  passed: 0,
  unreachable: 4,
  warnings: 6,
  failed: 7,
};

interface DoctorFlags extends EnsFlags, DnsFlags {
  readonly rpc?: string;
  readonly allowLoopback?: true;
  readonly burst?: true;
  readonly timeout?: string;
  readonly json?: true;
}

/** `signpost doctor <name>`: proves the wiring behind a name, or says which wire is loose. */
export function doctorCommand(program: Command): void {
  const doctor = program
    .command("doctor")
    .description("check everything between an ENS name and its answers, with anybody's resolver")
    .argument("<name>", "an ENS name: a domain, or better a name below it")
    .option("--rpc <url>", "URL of an RPC node (default: the environment's RPC_URL)");
  addEnsOptions(doctor)
    .option("--allow-loopback", "ask gateways on this machine as well")
    .option("--burst", "send 20 requests at once to gateways on this machine")
    .option(...DNS_OPTION)
    .option("--timeout <seconds>", "for everything together (default: 60)")
    .option("--json", "print the lines as JSON")
    .addHelpText(
      "after",
      "\nExit status: 0 passed, 6 warnings only, 7 something failed, 4 the RPC node did not answer." +
        "\nEach line is explained in docs/guides/doctor.md.",
    )
    .action(async (name: string, flags: DoctorFlags, command: Command) => {
      const progress = progressLine();
      const lines = await examine(name, optionsOf(flags), progress.show).finally(progress.clear);
      const diagnosis = diagnosisOf(lines);
      const text = flags.json
        ? jsonText({ name, diagnosis, lines })
        : doctorText(foreignText(name), diagnosis, lines);
      command.configureOutput().writeOut?.(`${text}\n`);
      process.exitCode = DIAGNOSIS_EXIT_STATUS[diagnosis];
    });
}

function optionsOf(flags: DoctorFlags): DoctorOptions {
  return {
    rpc: flags.rpc ?? rpcUrlOfEnvironment(),
    allowLoopback: flags.allowLoopback ?? false,
    burst: flags.burst ?? false,
    publishedNames,
    dns: dnsOptions(flags),
    ...ensOptions(flags),
    ...timeoutOption(flags.timeout),
  };
}
