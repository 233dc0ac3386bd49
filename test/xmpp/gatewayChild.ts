import type { NetworkNode } from "../../src/demo/networkNode.js";
import { type ChildProgram, startProgram } from "../childProgram.js";

/** The gateway as a process of its own, as operators run it; stop the one in this process before, or let both share the work. */
export async function gatewayAsProgram(
  { environment }: Pick<NetworkNode, "environment">,
  folder: string,
  port: string,
): Promise<ChildProgram> {
  const given = Object.entries(environment).filter((entry) => entry[1] !== undefined);
  const program = startProgram("src/main.ts", ["relay", "xmpp"], {
    settings: {
      ...(Object.fromEntries(given) as Record<string, string>),
      ...{ SIGNPOST_DIR: folder, PORT: port },
    },
    cwd: folder,
  });
  await program.printed(/Signpost listens on (http:\S+)/);
  return program;
}
