// Loaded into the service under load (--import, with --expose-gc): tells its parent how much memory it has.
// After the word "collect" it collects garbage first, so that what is told is what is held.
import { setInterval } from "node:timers";

const tell = (afterCollection) => {
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({ rssBytes: rss, heapBytes: heapUsed, afterCollection });
};

setInterval(() => tell(false), 1000).unref();
process.on("message", (word) => {
  if (word !== "collect") return;
  globalThis.gc();
  tell(true);
});
// the service ends when it is told to, not when nobody listens here any more
process.channel?.unref();
process.on("disconnect", () => process.exit(1));
