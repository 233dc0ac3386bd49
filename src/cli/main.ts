/** `signpost`: the one binary. Its commands are files beside this one, and those of each capability. */
import { Command, CommanderError } from "commander";
import { CAPABILITIES } from "../capabilities/list.js";
import { isSignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import { VERSION } from "../installation/version.js";
import { limitHeapGrowth } from "../process/heapLimits.js";
import { settingsOf } from "../process/served.js";
import {
  type GivenFile,
  loadSettingsFile,
  misspeltIn,
  overriddenIn,
} from "../settings/environment.js";
import { settingNames } from "../settings/misspelt.js";
import { exitStatusOf, FAILED } from "../terminal/exitStatus.js";
import { jsonText } from "../terminal/jsonText.js";
import { endQuietlyWithoutReader, isWithoutReader } from "../terminal/withoutReader.js";
import { addCommands } from "./commands.js";
import { splitEnvFile } from "./envFile.js";
import { EXIT_STATUSES } from "./exitStatuses.js";
import { SERVE } from "./serve.js";
import { ADMIN_KEY_VARIABLE, RPC_URL_VARIABLE } from "./variables.js";

const WRONG_USAGE = 2;
const LONGEST_MESSAGE = 4_000;
const isForProgram = process.argv.includes("--json");

const KNOWN_NAMES = [
  ...settingNames(settingsOf(CAPABILITIES)),
  ...[RPC_URL_VARIABLE, ADMIN_KEY_VARIABLE],
];

try {
  const { envFile, rest } = splitEnvFile(process.argv.slice(2));
  await run(rest, envFile);
} catch (error) {
  process.exitCode = report(error);
}

async function run(words: readonly string[], envFile: GivenFile): Promise<void> {
  const program = new Command("signpost")
    .description("Make a service's users reachable in the DM3 messaging network under ENS names.")
    .version(VERSION)
    .showHelpAfterError("(add --help for the options)")
    .exitOverride();
  await addCommands(program, words[0], envFile);
  if (words[0] === SERVE) {
    // it reads the settings itself, and again on SIGHUP
    await program.parseAsync(words, { from: "user" }).catch((error: unknown) => {
      // the channel of one of several processes to the first one would keep it alive, and the first one wait for its end
      process.exit(report(error));
    });
    return;
  }
  endQuietlyWithoutReader();
  limitHeapGrowth();
  const sentences = [
    ...misspeltIn(Object.keys(process.env), KNOWN_NAMES, envFile),
    ...(envFile === null ? [] : overriddenIn(process.env, KNOWN_NAMES, envFile)),
  ];
  for (const sentence of sentences) console.error(`signpost: ${sentence}`);
  loadSettingsFile(envFile);
  await program.parseAsync(words, { from: "user" });
}

/** In the form of all errors; for the person, commander has put the same on standard error. */
function refusedUsage({ message }: CommanderError) {
  return { code: "INVALID_REQUEST", message: message.replace(/^error: /, ""), details: {} };
}

function report(error: unknown): number {
  // commander has printed its own message; help that was asked for is no error
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    if (isForProgram) console.log(jsonText({ error: refusedUsage(error) }));
    return WRONG_USAGE;
  }
  // what was to be written is not whole, and nobody is there to be told
  if (isWithoutReader(error)) return FAILED;
  if (!isSignpostError(error)) throw error;
  if (isForProgram) {
    const { code, message, details } = error;
    console.log(jsonText({ error: { code, message, details } }));
  } else {
    // contracts and nodes are quoted in it
    console.error(`signpost: ${foreignText(error.message, LONGEST_MESSAGE)}`);
  }
  return exitStatusOf(error.code, EXIT_STATUSES);
}
