/** The service as operators start it: a process of its own, on its embedded Postgres. */
import { expect } from "chai";
import { type ChildProgram, processesWith, startProgram } from "../childProgram.js";
import { hasEnded, postgresPid, until } from "../embedded-postgres/holder.js";

export interface RunningService {
  readonly program: ChildProgram;
  readonly url: string;
  /** Process id of its Postgres. */
  readonly postgresPid: number;
}

export async function startServiceProgram(folder: string): Promise<RunningService> {
  const program = startProgram("src/main.ts", [], {
    settings: { SIGNPOST_DIR: folder, PORT: "0" },
    cwd: folder,
  });
  const url = await program.printed(/Signpost listens on (http:\S+)/);
  return { program, url, postgresPid: await postgresPid(`${folder}/postgres/data`) };
}

/** Waits until nothing of a service runs any more: neither itself nor any process of its Postgres. */
export async function nothingLeft({ program, postgresPid }: RunningService, folder: string) {
  await program.ended;
  await until(() => hasEnded(postgresPid), 20_000);
  await until(async () => (await processesWith(folder)).length === 0, 20_000);
  expect(await processesWith(folder)).to.deep.equal([]);
}
