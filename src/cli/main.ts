/** `signpost`: the one binary. Its commands are files beside this one, and those of each capability. */
import { Command, CommanderError } from "commander";
import { CAPABILITIES } from "../capabilities/list.js";
import { isSignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import { VERSION } from "../installation/version.js";
import { settingsOf } from "../process/served.js";
import { loadSettingsFile, misspeltIn } from "../settings/environment.js";
import { settingNames } from "../settings/misspelt.js";
import { exitStatusOf } from "../terminal/exitStatus.js";
import { jsonText } from "../terminal/jsonText.js";
import { addCommands } from "./commands.js";
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

const program = new Command("signpost")
  .description("Make a service's users reachable in the DM3 messaging network under ENS names.")
  .version(VERSION)
  .showHelpAfterError("(add --help for the options)")
  .exitOverride();

await addCommands(program, process.argv[2]);

try {
  // the service reads the file itself, and again on SIGHUP
  if (process.argv[2] !== SERVE) {
    for (const sentence of misspeltIn(Object.keys(process.env), KNOWN_NAMES)) {
      console.error(`signpost: ${sentence}`);
    }
    loadSettingsFile();
  }
  await program.parseAsync();
} catch (error) {
  const status = report(error);
  // the channel of one of several processes to the first one would keep it alive, and the first one wait for its end
  if (process.argv[2] === SERVE) process.exit(status);
  process.exitCode = status;
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
