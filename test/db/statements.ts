/** What a piece of work asks of Postgres, seen at the driver. */
import pg from "pg";

/** Names of prepared statements, or the text of others, in their order. */
export async function statementsDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
  const asked: string[] = [];
  // the driver's own method, which is put back
  const prototype = pg.Client.prototype as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (this: unknown, ...args: unknown[]) {
    const [first] = args;
    const { name, text } = (typeof first === "string" ? { text: first } : first) as {
      readonly name?: string;
      readonly text?: string;
    };
    asked.push(name ?? text ?? "");
    return query.apply(this, args);
  };
  try {
    await work();
  } finally {
    prototype.query = query;
  }
  return asked;
}
