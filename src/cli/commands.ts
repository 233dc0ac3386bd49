/** All commands of `signpost`. Those that need many libraries are loaded when they run, or when the help lists them. */
import { Command } from "commander";
import { CAPABILITIES } from "../capabilities/list.js";
import type { GivenFile } from "../settings/environment.js";
import { COMPLETION, completionCommand } from "./completion/completionCommand.js";
import { dressHelp } from "./help/dressHelp.js";
import { SERVE, serveCommand } from "./serve.js";

type AddCommand = (program: Command) => void;

const LOADED_LATE = {
  resolve: async (): Promise<AddCommand> => (await import("./resolve.js")).resolveCommand,
  publish: async (): Promise<AddCommand> =>
    (await import("./publish/publishCommand.js")).publishCommand,
  message: async (): Promise<AddCommand> =>
    (await import("./message/messageCommand.js")).messageCommand,
  doctor: async (): Promise<AddCommand> => (await import("./doctor.js")).doctorCommand,
  node: async (): Promise<AddCommand> => (await import("./node/nodeCommand.js")).nodeCommand,
  network: async (): Promise<AddCommand> =>
    (await import("./network/networkCommand.js")).networkCommand,
  gateway: async (): Promise<AddCommand> =>
    (await import("./gateway/gatewayCommand.js")).gatewayCommand,
  bridge: async (): Promise<AddCommand> =>
    (await import("./bridge/bridgeCommand.js")).bridgeCommand,
  certificate: async (): Promise<AddCommand> =>
    (await import("./certificate/certificateCommand.js")).certificateCommand,
  signer: async (): Promise<AddCommand> =>
    // one more of a capability's commands: it sends transactions, which capabilities do not
    (await import("./signer/rotateCommand.js")).rotateCommand,
  resolver: async (): Promise<AddCommand> =>
    (await import("./resolver/resolverCommand.js")).resolverCommand,
  secrets: async (): Promise<AddCommand> => {
    const { secretsCommand } = await import("./secrets.js");
    const columns = CAPABILITIES.flatMap(({ sealedColumns }) => sealedColumns);
    return (program) => {
      secretsCommand(program, columns);
    };
  },
};

/**
 * @param word the first argument, which names the command that is to run
 * @param envFile of the settings, for the service, which reads it again on SIGHUP
 */
export async function addCommands(
  program: Command,
  word = "",
  envFile: GivenFile = null,
): Promise<void> {
  const here = [SERVE, COMPLETION];
  const isOther = [...Object.keys(LOADED_LATE), ...commandsOfCapabilities(), ...here].includes(
    word,
  );
  const addLate = async (name: keyof typeof LOADED_LATE) => {
    if (word === name || !isOther) (await LOADED_LATE[name]())(program);
  };
  // the order of the help
  await addLate("resolve");
  await addLate("publish");
  await addLate("message");
  addCommandsOfCapabilities(program);
  await addLate("signer");
  await addLate("doctor");
  await addLate("node");
  await addLate("network");
  await addLate("gateway");
  await addLate("bridge");
  await addLate("certificate");
  await addLate("resolver");
  await addLate("secrets");
  serveCommand(program, envFile);
  completionCommand(program, (whole) => addCommands(whole));
  dressHelp(program);
}

function addCommandsOfCapabilities(program: Command): void {
  for (const capability of CAPABILITIES) capability.addCommands(program);
}

function commandsOfCapabilities(): readonly string[] {
  const program = new Command();
  addCommandsOfCapabilities(program);
  return program.commands.map((command) => command.name());
}
