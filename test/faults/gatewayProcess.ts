/** A gateway as operators run several of them: a process of its own, on a database and with a signer that they share. */
import { type ChildProgram, startProgram } from "../childProgram.js";

export interface GatewayProcess {
  readonly program: ChildProgram;
  readonly url: string;
}

/** @param folder its SIGNPOST_DIR, in which it must not find an .env */
export async function startGatewayProcess(
  folder: string,
  databaseUrl: string,
  signerKey: string,
): Promise<GatewayProcess> {
  const program = startProgram("src/main.ts", [], {
    settings: {
      SIGNPOST_DIR: folder,
      PORT: "0",
      DATABASE_URL: databaseUrl,
      GATEWAY_SIGNER_KEY: signerKey,
    },
    cwd: folder,
  });
  return { program, url: await program.printed(/Signpost listens on (http:\S+)/) };
}
