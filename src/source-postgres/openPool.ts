/** Questions to a service's Postgres: each has its answer, whole and in its form, within its time, or SOURCE_UNAVAILABLE. */
import pg from "pg";
import { BoundedClient } from "./boundedClient.js";
import { type Access, boundedPool, type SourcePoolLimits } from "./boundedPool.js";
import { isDataError, sourceError } from "./sourceError.js";
import {
  ARE_BOUND,
  areOptionsRefused,
  boundTransaction,
  COMMIT,
  startupOptions,
} from "./transactionBounds.js";

interface Question<Row extends readonly unknown[]> {
  /** By which each connection keeps its plan. */
  readonly name?: string;
  readonly text: string;
  /** More of them are no answer to it. */
  readonly mostRows: number;
  /** Of the answer, with what the protocol puts around it; `LONGEST_ANSWER_BYTES` at most. */
  readonly mostBytes: number;
  /** Whether a row is what the statement asks for: the server may send others. */
  readonly isRow: (row: readonly unknown[]) => row is Row;
}

export interface SourcePool {
  /** Rows as arrays, in the order of the statement's columns: no name of a column is in the way. Throws SOURCE_UNAVAILABLE. */
  ask<Row extends readonly unknown[]>(
    question: Question<Row>,
    values: readonly unknown[],
  ): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** The server's own time-out comes first where the server still answers. */
const GRACE_MS = 200;

/** Opens no connection yet. */
export function openPool(access: Access, limits: SourcePoolLimits): SourcePool {
  const { longestMs } = limits;
  let pool = boundedPool(access, limits, startupOptions(longestMs));
  // behind a pooler that lends a connection for each transaction, no setting and no plan is where it was left
  let isBoundFromStart = true;
  let mayKeepPlans = true;
  const looked = new WeakSet<pg.PoolClient>();

  async function lookAtBounds(client: pg.PoolClient): Promise<void> {
    if (!isBoundFromStart || looked.has(client)) return;
    const { rows } = await client.query<unknown[]>(inArrays(ARE_BOUND, [longestMs]));
    looked.add(client);
    if (rows[0]?.[0] !== true) isBoundFromStart = false;
  }

  async function askOnce<Row extends readonly unknown[]>(
    { name, text, mostBytes, ...expected }: Question<Row>,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    const client = await pool.connect();
    let isReusable = false;
    let isInTransaction = false;
    const stopWaiting =
      client instanceof BoundedClient
        ? client.beginAnswer(mostBytes, longestMs + GRACE_MS)
        : undefined;
    try {
      await lookAtBounds(client);
      isInTransaction = !isBoundFromStart;
      if (isInTransaction) await client.query(boundTransaction(longestMs));
      const plan = mayKeepPlans && !isInTransaction ? name : undefined;
      const answer = await client.query<unknown[]>(inArrays(text, values, plan));
      const rows = rowsOf(answer, expected);
      if (isInTransaction) await client.query(COMMIT);
      isReusable = true;
      return rows;
    } catch (error) {
      // whoever asks for such a label again and again does not have us connect each time
      isReusable = isDataError(error) && !isInTransaction;
      throw error;
    } finally {
      stopWaiting?.();
      // one that took too long may still be at work
      client.release(!isReusable);
    }
  }

  /** Whether it is to be asked once more, in another way. */
  function isAnotherWay(error: unknown, asked: pg.Pool): boolean {
    if (areOptionsRefused(error)) {
      if (pool !== asked) return true;
      if (!isBoundFromStart) return false;
      isBoundFromStart = false;
      pool = boundedPool(access, limits, null);
      void asked.end();
      return true;
    }
    if (!isLostPlan(error)) return false;
    mayKeepPlans = false;
    return true;
  }

  return {
    ask: async <Row extends readonly unknown[]>(
      question: Question<Row>,
      values: readonly unknown[],
    ) => {
      const asked = pool;
      try {
        return await askOnce(question, values).catch((error: unknown) => {
          if (!isAnotherWay(error, asked)) throw error;
          return askOnce(question, values);
        });
      } catch (error) {
        throw sourceError(access, error);
      }
    },
    close: () => pool.end(),
  };
}

/** @param name by which the connection keeps its plan */
function inArrays(text: string, values: readonly unknown[], name?: string): pg.QueryArrayConfig {
  return { text, values: [...values], rowMode: "array", ...(name !== undefined && { name }) };
}

/** Of an answer that breaks off the driver makes one with fewer rows, which would be users that are not there. */
function rowsOf<Row extends readonly unknown[]>(
  { rows, command, rowCount }: pg.QueryArrayResult,
  { mostRows, isRow }: Pick<Question<Row>, "mostRows" | "isRow">,
): readonly Row[] {
  const isWhole = command === "EXPLAIN" || (command === "SELECT" && rowCount === rows.length);
  const found: readonly (readonly unknown[])[] = rows;
  if (isWhole && found.length <= mostRows && found.every(isRow)) return found;
  throw Object.assign(new Error("another answer"), {
    code: "its answer is not one to the question",
  });
}

/** The prepared statement is not there, is there already, or its result changed with the table. */
function isLostPlan(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && ["26000", "42P05", "0A000"].includes(error.code ?? "")
  );
}
