/** One page of what waits for an account, in its order: chosen by what stands in the rows, before any body is read. */
import type { RelayTables } from "./relayTables.js";

/**
 * A statement of the account, the number behind which it begins, and how many there may be; fewer come where they are long.
 * @param columns of the message
 * @param mostBytes of the bodies together; the first one always comes
 */
export function pageInOrder(
  { message }: Pick<RelayTables, "message">,
  columns: string,
  mostBytes: number,
): string {
  return `
    with page as (
      select number, sum(bytes) over (order by number) - bytes as before
      from ${message} where account = $1 and number > $2 and envelope is not null
      order by number limit $3
    )
    select ${columns} from ${message}
    where account = $1 and envelope is not null
      and number = any(array(select number from page where before < ${mostBytes}))
    order by number`;
}
