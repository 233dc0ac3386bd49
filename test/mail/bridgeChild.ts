import type { NetworkNode } from "../../src/demo/networkNode.js";
import { type ChildProgram, startProgram } from "../childProgram.js";

/** The bridge as a process of its own, as operators run it; stop the one in this process before. */
export async function bridgeAsProgram(
  { environment, url }: Pick<NetworkNode, "environment" | "url">,
  folder: string,
): Promise<ChildProgram> {
  const given = Object.entries(environment).filter((entry) => entry[1] !== undefined);
  const program = startProgram("src/main.ts", ["relay", "mail"], {
    settings: {
      ...(Object.fromEntries(given) as Record<string, string>),
      ...{ SIGNPOST_DIR: folder, PORT: new URL(url).port },
    },
    cwd: folder,
  });
  await program.printed(/Signpost listens on (http:\S+)/);
  return program;
}
