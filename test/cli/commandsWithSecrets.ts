/** `signpost` in a folder with a database and a key for secrets of its own. */
import { expect } from "chai";
import { startProgram } from "../childProgram.js";

export interface Commands {
  run(
    args: readonly string[],
    settings?: Record<string, string>,
  ): Promise<{ exitStatus: number | null; stdout: string; output: string }>;
  /** What it prints, where it ends with 0. */
  done(...args: string[]): Promise<string>;
}

/** @param folder has the key in `secrets.key` */
export function commandsWithSecrets(databaseUrl: string, folder: string): Commands {
  const run: Commands["run"] = async (args, settings = {}) => {
    const program = startProgram("src/cli/main.ts", [...args], {
      settings: {
        DATABASE_URL: databaseUrl,
        SECRETS_KEY_LOCATION: "file:secrets.key",
        ...settings,
      },
      cwd: folder,
    });
    const { exitStatus, stdout } = await program.ended;
    return { exitStatus, stdout, output: program.output() };
  };
  return {
    run,
    done: async (...args) => {
      const { exitStatus, stdout, output } = await run(args);
      expect(exitStatus, output).to.equal(0);
      return stdout;
    },
  };
}
