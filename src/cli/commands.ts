/** All commands of `signpost`. Those that need many libraries are loaded when they run, or when the help lists them. */
import { Command } from "commander";
import { CAPABILITIES } from "../capabilities/list.js";
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
  certificate: async (): Promise<AddCommand> =>
    (await import("./certificate/certificateCommand.js")).certificateCommand,
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

/** @param word the first argument, which names the command that is to run */
export async function addCommands(program: Command, word = ""): Promise<void> {
  const isOther = [...Object.keys(LOADED_LATE), ...commandsOfCapabilities(), SERVE].includes(word);
  const addLate = async (name: keyof typeof LOADED_LATE) => {
    if (word === name || !isOther) (await LOADED_LATE[name]())(program);
  };
  // the order of the help
  await addLate("resolve");
  await addLate("publish");
  await addLate("message");
  addCommandsOfCapabilities(program);
  await addLate("doctor");
  await addLate("node");
  await addLate("network");
  await addLate("certificate");
  await addLate("resolver");
  await addLate("secrets");
  serveCommand(program);
}

function addCommandsOfCapabilities(program: Command): void {
  for (const capability of CAPABILITIES) capability.addCommands(program);
}

function commandsOfCapabilities(): readonly string[] {
  const program = new Command();
  addCommandsOfCapabilities(program);
  return program.commands.map((command) => command.name());
}
