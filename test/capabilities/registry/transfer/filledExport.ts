/** A registry with every kind of name, its export, and an empty registry to import it. */
import { type MigratedPool, openMigratedPool } from "../../../db/migratedPool.js";
import { openRegistry } from "../../../registry/openRegistry.js";
import { type Json, linesOf } from "./changedExport.js";
import { fillDomain } from "./filledDomain.js";
import { openTransfer, type Transfer } from "./openTransfer.js";

export interface FilledExport {
  readonly owner: Awaited<ReturnType<typeof fillDomain>>["owner"];
  readonly transfer: Transfer;
  readonly text: string;
  /** Without the end line. */
  readonly lines: Json[];
  readonly target: MigratedPool;
  readonly close: () => Promise<void>;
}

export async function openFilledExport(): Promise<FilledExport> {
  const source = await openRegistry();
  const { owner } = await fillDomain(source);
  const transfer = await openTransfer();
  const text = await transfer.exported(source.pool);
  const target = await openMigratedPool();
  return {
    ...{ owner, transfer, text, target },
    lines: linesOf(text).slice(0, -1),
    close: async () => {
      await Promise.all([source.close(), target.close(), transfer.close()]);
    },
  };
}
