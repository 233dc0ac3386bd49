/** Time, handed in. */

/** Unix time in milliseconds. */
export type Clock = () => number;

/** Lets others have their turn, between some items of many. */
export type Pause = () => Promise<void>;

/** For work that is short. */
export const noPause: Pause = () => Promise.resolve();
