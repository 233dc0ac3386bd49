/** Time, handed in. */

/** Unix time in milliseconds. */
export type Clock = () => number;

/** Lets others have their turn, between some items of many. */
export type Pause = () => Promise<void>;
