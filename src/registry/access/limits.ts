/** How much may be done in a time. A port: the count holds for all processes of an installation. */
export interface Limits {
  /**
   * Takes `count` of the `limit` that a period allows. Null when they were there; otherwise takes nothing, and returns
   * in how many seconds it is worth to ask again. Where nobody can tell, each process counts by itself.
   */
  take(bucket: string, limit: number, periodSec: number, count: number): Promise<number | null>;
}
