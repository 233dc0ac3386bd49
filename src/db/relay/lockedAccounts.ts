/**
 * The rows of the accounts that stand in `given` (a query's name, with a column `account`), locked in the order of their
 * addresses: so no two statements wait for one another in a circle.
 *
 * One after the other by the index, in a subquery that Postgres cannot turn into a join: of a table without statistics it
 * would read all accounts, and go on with that plan while they become more.
 * @param account the table
 */
export function lockedAccounts(account: string, given: string): string {
  return `(select distinct account from ${given} order by account) wanted
    cross join lateral (select * from ${account} where address = wanted.account for update) locked_account`;
}
